import Testing

@testable import Contention
@testable import Report

@Suite struct PlotTests {
    private func history(_ fixture: PageFixture = PageFixture()) throws -> [String] {
        let totals = try fixture.totals()
        return HistoryPlots(totals, limits: HistoryLimits([totals])).figures
    }

    @Test("CPUs lost are stacked, with the greatest interval of each step above, and told in words")
    func lost() throws {
        let figure = try #require(try history().first { $0.contains("<b>CPUs lost to mount_lock</b>") })
        let spin = CostRow.readerSpins.place
        let wait = CostRow.lockWaits.place
        #expect(figure.contains("<path class=\"area c\(spin)\" d=\"M500 1000V250H750V1000z\"/>"))
        #expect(figure.contains("<path class=\"area c\(wait)\" d=\"M500 250V0H750V250z\"/>"))
        #expect(figure.contains("<path class=\"thin\" d=\"M0 1000H250V1000H500V0H750V1000H1000\"/>"))
        #expect(figure.contains("spin: mean 0.15, at most 0.60 at 00:00:02Z."))
        #expect(figure.contains("all, greatest interval: mean 0.20, at most 0.80 at 00:00:02Z"))
    }

    @Test("what was not known is a gap in the line, not nothing")
    func gaps() throws {
        let figure = try #require(try history().first { $0.contains("<b>How often, mount_lock</b>") })
        let number = CostRow.readRetries.place
        let line = try #require(figure.firstMatch(of: #/class="line c4" d="([^"]*)"/#))
        #expect(number == 4)
        // One of both sites is not known in the last of four steps.
        #expect(line.1.hasSuffix("H750") && line.1.hasPrefix("M0 "))
        #expect(figure.contains("<path class=\"mark\" d=\"M750 0V1000\"/>"))
    }

    @Test("each step has P99 and the longest")
    func latencies() throws {
        let figure = try #require(try history().first { $0.contains("<b>How long, namespace_sem</b>") })
        #expect(figure.contains("mount table pages: P99 up to 250 ms, longest 250 ms at 00:00:00Z"))
    }

    @Test("a bar stands for a power of two, and percentiles are marked")
    func spread() throws {
        let total = try #require(try PageFixture().totals()[SeriesKey(.readHold, site: "mountinfo")])
        let figure = try #require(SpreadPlot(.tablePages, total.histogram)).figure
        #expect(figure.contains("4 in all; P50 250 ms, P90 250 ms, P99 250 ms, MAX 250 ms"))
        #expect(figure.contains("M40 1000V0H960V1000z"))
        #expect(["P50", "P90", "P99", "MAX"].allSatisfy { figure.contains(">\($0)</span>") })
        #expect(SpreadPlot(.tablePages, .empty) == nil && SpreadPlot(.tablePages, nil) == nil)
    }

    @Test("coordinates have a decimal at most", arguments: [(1.0, "1"), (1.26, "1.3"), (-0.04, "0"), (-2.5, "-2.5")])
    func coordinatesHaveADecimalAtMost(_ value: Double, _ text: String) {
        #expect(Markup.coordinate(value) == text)
    }

    @Test("the clock's labels are as exact as its steps")
    func clock() throws {
        #expect(
            TimeAxis(try PageFixture().totals()).ticks.map(\.text) == [
                "00:00:00", "00:00:01", "00:00:02", "00:00:03", "00:00:04",
            ])
        let hour = TimeAxis(try PageFixture(intervals: 3600, cpus: [0]).totals())
        #expect(hour.ticks.map(\.text) == ["00:00", "00:15", "00:30", "00:45", "01:00"])
        #expect(hour.words == "a step is 32 intervals, 32.0 s; times are UTC")
    }
}

@Suite struct HeatPanelTests {
    private func html(_ cpus: Int, intervals: Int = 4) throws -> PageCheck {
        let totals = try PageFixture(intervals: intervals, cpus: Array(0..<cpus)).totals()
        let layers = try #require(totals.cpuHistory).layers
        return PageCheck(text: HeatPanels.html(HeatPanels.maps(layers, totals)))
    }

    @Test("every CPU has a row of its own, however many there are", arguments: [(2, 1), (64, 1), (192, 3), (512, 8)])
    func rows(_ cpus: Int, _ panels: Int) throws {
        let page = try html(cpus)
        let figures = page.text.split(separator: "<figure>").filter { $0.contains("mount_lock.read_retries, cpu") }
        #expect(figures.count == panels)
        // Strokes of each row, whatever their colour: the last row of the last panel has one.
        let rows = figures.map { figure in
            Set(figure.matches(of: #/M\d+ (\d+)h/#).map { String($0.1) }).count
        }
        #expect(rows.reduce(0, +) == cpus)
        let labels = figures.flatMap { $0.matches(of: #/>cpu(\d+)</span>/#).compactMap { Int($0.1) } }
        #expect(labels.first == 0 && labels == labels.sorted() && labels.count >= cpus / 2)
        #expect(!page.text.contains("averaged"))
    }

    @Test("the busiest are named with their mean and their greatest interval")
    func busiest() throws {
        #expect(try html(2).text.contains("busiest: cpu1 mean 20.0/s, at most 20.0/s at 00:00:00Z; cpu0 mean 10.0/s"))
    }

    @Test("a page of 192 CPUs whose every cell has another colour than its neighbour is below 2 MB")
    func size() throws {
        var builder = RunTotalsBuilder(start: (0, 0), isSparse: false, byCPU: true)
        let names = CPUMetric.all.map { SeriesName(SeriesKey($0, site: $0.sites[0])) }
        for interval in 1...128 {
            for series in names.indices {
                var record = IntervalRecord()
                record.series = series
                record.sequence = interval
                record.elapsed = 1_000_000_000
                record.monotonic = UInt64(interval) * record.elapsed
                record.count = 192
                record.nanoseconds = 192
                builder.add(record, names)
                for cpu in 0..<192 {
                    record.cpu = cpu
                    // Three powers of ten, in turn by step and CPU.
                    record.count = [1, 1_000, 1_000_000][(interval + cpu) % 3]
                    record.nanoseconds = record.count
                    record.whole = names[series].key?.metric.kind.view == .share ? 1_000_000 : nil
                    builder.add(record, names)
                }
            }
        }
        let run = ReportedRun(
            path: "r", identifier: "", toolVersion: "", host: HostConditions(), attachTable: [], command: nil,
            ending: "finished", plannedInterval: 1_000_000_000, totals: try builder.finish())
        let bytes = RunPage(run).text.utf8.count
        #expect(bytes < 2_000_000 && bytes > 500_000, "\(bytes)")
    }
}
