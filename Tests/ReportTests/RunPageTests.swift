import Testing

@testable import Contention
@testable import Report

private let names = [
    SeriesName(SeriesKey(.writeSections)), SeriesName(SeriesKey(.readRetries, site: "walk")),
    SeriesName(SeriesKey(.readRetries, site: "lookup")), SeriesName(SeriesKey(.readHold, site: "mountinfo")),
]

/// Rows of four seconds: retries at two sites on CPU 0 and 2, at one of them none in the last second.
private func records() -> [IntervalRecord] {
    (1...4).flatMap { sequence -> [IntervalRecord] in
        func row(_ series: Int, cpu: Int? = nil, count: UInt64?, nanoseconds: UInt64? = nil) -> IntervalRecord {
            var record = IntervalRecord()
            record.series = series
            record.sequence = sequence
            record.elapsed = 1_000_000_000
            record.monotonic = 1_000 + UInt64(sequence) * record.elapsed
            record.cpu = cpu
            record.count = count
            record.nanoseconds = nanoseconds
            record.maximum = nanoseconds
            return record
        }
        return [
            row(0, count: UInt64(sequence) * 10),
            row(1, count: 50), row(1, cpu: 0, count: 20), row(1, cpu: 2, count: 30),
            row(2, count: sequence == 4 ? nil : 7), row(2, cpu: 0, count: sequence == 4 ? nil : 7),
            row(3, count: 1, nanoseconds: 250_000_000), row(3, cpu: 2, count: 1, nanoseconds: 250_000_000),
        ]
    }
}

private func totals(isSparse: Bool = false) throws -> RunTotals {
    var builder = RunTotalsBuilder(start: (1_000, 0), isSparse: isSparse)
    for record in records() { builder.add(record, names) }
    builder.add(bucket: HistogramLayout.bucket(of: 250_000_000), count: 4, names[3])
    return try builder.finish()
}

private func grid(isSparse: Bool = false, _ rows: [IntervalRecord] = records()) throws -> CPUGrid {
    var grid = CPUGrid(try totals(), isSparse: isSparse)
    for record in rows { grid.add(record, names[record.series]) }
    return grid
}

@Suite struct CPUGridTests {
    private func layer(_ metric: Metric, _ grid: CPUGrid) throws -> CPUGrid.Layer {
        try #require(grid.layers.first { $0.metric == metric })
    }

    @Test("sites add up over the same time")
    func sitesAddUpOverTheSameTime() throws {
        let retries = try layer(.readRetries, try grid())
        #expect(retries.value(cpu: 0, step: 0) == 27)
        #expect(retries.value(cpu: 0, step: 3) == 20)
        #expect(retries.value(cpu: 2, step: 0) == 30)
    }

    @Test("a CPU without rows is not known, on another kind of run it saw nothing")
    func aCPUWithoutRowsIsNotKnown() throws {
        let rows = records().filter { $0.sequence != 2 }
        let retries = try layer(.readRetries, try grid(rows))
        #expect(retries.value(cpu: 0, step: 1) == nil)
        #expect(retries.value(cpu: 1, step: 0) == nil)
        #expect(retries.value(cpu: 9, step: 0) == nil)
        let sparse = try layer(.readRetries, try grid(isSparse: true, rows))
        #expect(sparse.value(cpu: 0, step: 1) == 0)
        #expect(sparse.value(cpu: 0, step: 0) == 27)
    }

    @Test("durations are time over time")
    func durationsAreTimeOverTime() throws {
        #expect(try layer(.readHold, try grid()).value(cpu: 2, step: 0) == 0.25)
    }

    @Test("samples of a CPU count once, however many sites share them")
    func samplesCountOnce() throws {
        let sites = ["path_init", "choose_mountpoint"].map { SeriesName(SeriesKey(.spinShare, site: $0)) }
        var grid = CPUGrid(try totals(), isSparse: false)
        for series in sites.indices {
            var record = IntervalRecord()
            record.series = series
            record.sequence = 1
            record.cpu = 0
            record.count = 10
            record.whole = 100
            grid.add(record, sites[series])
        }
        #expect(try layer(.spinShare, grid).value(cpu: 0, step: 0) == 0.2)
    }

    private func grid(_ rows: [IntervalRecord]) throws -> CPUGrid { try ReportTests.grid(rows) }
    private func grid(isSparse: Bool = false, _ rows: [IntervalRecord] = records()) throws -> CPUGrid {
        try ReportTests.grid(isSparse: isSparse, rows)
    }
}

@Suite struct RunPageTests {
    private func page(hostname: String = "web7") throws -> String {
        var host = HostConditions()
        host.hostname = hostname
        host.kernelRelease = "6.12.107"
        host.possibleCPUs = 3
        let row = AttachRow(
            key: SeriesKey(.walkFallbacks, site: "parent"), mode: .unavailable, program: "", function: "", address: nil,
            required: false, reason: "path_parentat is inlined", hint: "")
        let run = ReportedRun(
            path: "runs/a", identifier: "id", toolVersion: "1.2.3", host: host, attachTable: [row],
            command: "sh -c 'a && b <c'", ending: "finished", plannedInterval: 1_000_000_000, totals: try totals())
        return RunPage(run, grid: try grid()).text
    }

    /// The names of elements that do not close in the order they were opened.
    private func unbalanced(_ page: String) -> [Substring] {
        var open: [Substring] = []
        for piece in page.split(separator: "<").dropFirst() {
            let tag = piece.prefix { $0 != ">" }
            if tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let name = tag.drop { $0 == "/" }.prefix { $0 != " " }
            guard tag.hasPrefix("/") else {
                open.append(name)
                continue
            }
            guard open.popLast() == name else { return open + [name] }
        }
        return open
    }

    @Test("every element is closed")
    func everyElementIsClosed() throws {
        #expect(unbalanced(try page()) == [])
    }

    @Test(
        "nothing is loaded from elsewhere and nothing is run",
        arguments: ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link", "onload"])
    func nothingIsLoadedFromElsewhere(_ trace: String) throws {
        #expect(!(try page().contains(trace)))
    }

    @Test("what the host says of itself is text, not markup")
    func whatTheHostSaysIsText() throws {
        let page = try page(hostname: "<script>alert(\"1\")</script>\u{1B}[2J")
        #expect(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\u{FFFD}[2J"))
        #expect(!page.contains("<script") && !page.contains("\u{1B}"))
        #expect(page.contains("sh -c 'a &amp;&amp; b &lt;c'"))
        #expect(unbalanced(page) == [])
    }

    @Test("numbers as large as a file can hold make a page", arguments: [1, 1_000_000_000, UInt64(1) << 60])
    func numbersAsLargeAsAFileCanHoldMakeAPage(_ elapsed: UInt64) throws {
        var builder = RunTotalsBuilder(start: (0, 0), isSparse: false)
        var records: [IntervalRecord] = []
        for (series, cpu) in [(0, nil), (1, nil), (1, 0), (3, nil), (3, 2)] as [(Int, Int?)] {
            var record = IntervalRecord()
            record.series = series
            record.sequence = 1
            record.elapsed = elapsed
            record.monotonic = elapsed
            record.cpu = cpu
            record.count = .max / 16
            record.nanoseconds = series == 3 ? .max / 2 : nil
            record.maximum = record.nanoseconds
            records.append(record)
        }
        for record in records { builder.add(record, names) }
        builder.add(bucket: HistogramLayout.bucketCount - 1, count: .max / 16, names[3])
        let totals = try builder.finish()
        var grid = CPUGrid(totals, isSparse: false)
        for record in records { grid.add(record, names[record.series]) }
        let run = ReportedRun(
            path: "r", identifier: "", toolVersion: "", host: HostConditions(), attachTable: [], command: nil,
            ending: "finished", plannedInterval: 1, totals: totals)
        #expect(unbalanced(RunPage(run, grid: grid).text) == [])
    }

    @Test("a metric has a plot where it happened, with its mode")
    func aMetricHasAPlotWhereItHappened() throws {
        let page = try page()
        for title in [
            "mount_lock.write_sections <span class=\"soft\">a second, exact</span>",
            "mount_lock.read_retries <span class=\"soft\">events a second on each CPU</span>",
            "namespace_sem.read_hold <span class=\"soft\">time over time on each CPU</span>",
            "<h3>namespace_sem.read_hold[mountinfo]</h3>", "path_parentat is inlined",
        ] {
            #expect(page.contains(title), "\(title)")
        }
        #expect(!page.contains("<h3>mount_lock.write_hold"))
    }
}

@Suite struct PlotTests {
    @Test("an axis ends at a round number that no value passes")
    func anAxisEndsAtARoundNumber() {
        #expect(Axis(upTo: 293_648).ticks == [0, 100_000, 200_000, 300_000])
        #expect(Axis(upTo: 0.013).end >= 0.013)
        #expect(Axis(upTo: 0).ticks == [0])
        for value in [1e-9, 0.3, 1, 9.99, 10, 4_321, 1e12] {
            let axis = Axis(upTo: value)
            #expect(axis.end >= value && axis.end < value * 2.01 && axis.ticks.count <= 6)
        }
    }

    @Test("what was not known is a gap in the line, not nothing")
    func whatWasNotKnownIsAGap() throws {
        let figure = try #require(TimePlot(.readRetries, try totals())).figure
        let paths = figure.split(separator: "<path class=\"line").dropFirst()
        #expect(paths.count == 2)
        // The line of the site that was known to the end has a point more.
        #expect(paths.map { $0.filter { $0 == "L" }.count } == [3, 2])
    }

    @Test("a bar stands for a power of two and tells how many")
    func aBarStandsForAPowerOfTwo() throws {
        let total = try #require(try totals()[SeriesKey(.readHold, site: "mountinfo")])
        let figure = try #require(HistogramPlot(total)).figure
        #expect(figure.contains("<title>134 ms to 268 ms: 4</title>"))
        #expect(figure.contains("4 in all; P50 250 ms, P90 250 ms, P99 250 ms, longest 250 ms"))
    }

    @Test("coordinates have a decimal at most", arguments: [(1.0, "1"), (1.26, "1.3"), (-0.04, "0"), (-2.5, "-2.5")])
    func coordinatesHaveADecimalAtMost(_ value: Double, _ text: String) {
        #expect(Markup.coordinate(value) == text)
    }
}
