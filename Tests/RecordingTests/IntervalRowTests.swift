import Testing

@testable import Contention
@testable import Recording

@Suite struct IntervalRowTests {
    private let world = World()

    private func interval(after nanoseconds: UInt64) throws -> Interval {
        let first = try world.snapshot()
        world.now += nanoseconds
        return try #require(Interval(sequence: 3, from: first, to: try world.snapshot()))
    }

    private func rows(_ interval: Interval, online: Set<Int> = [0, 1]) -> [[String: String]] {
        var rows = CSVRows(headerOf: IntervalRow.columns)
        IntervalRow.append(interval, run: "r", onlineCPUs: online, to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test("the header names every column")
    func theHeaderNamesEveryColumn() {
        let header = String(decoding: CSVRows(headerOf: IntervalRow.columns).bytes, as: UTF8.self)
        #expect(
            header == """
                run_id,seq,t_mono_ns,time,dt_ns,lock,metric,site,scope,cpu,count,sum_ns,max_ns,p50_ns,p90_ns,p99_ns,mode,lost

                """)
    }

    @Test("rows read as documented")
    func rowsReadAsDocumented() throws {
        var rows = CSVRows()
        IntervalRow.append(try interval(after: 10_000_000), run: "r", onlineCPUs: [0, 1], to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
        let before = "r,3,10010000000,2024-02-29T00:00:00.010000000Z,10000000"
        #expect(
            lines.prefix(4) == [
                "\(before),mount_lock,write_sections,,all,,10,,,,,,exact,0",
                "\(before),mount_lock,read_retries,lookup,all,,15,,,,,,exact,0",
                "\(before),mount_lock,read_retries,lookup,cpu,0,10,,,,,,exact,",
                "\(before),mount_lock,read_retries,lookup,cpu,1,5,,,,,,exact,",
            ])
        #expect(
            lines.contains {
                $0 == "\(before),namespace_sem,read_hold,mounts,all,,15,15055,1009,1009,1009,1009,exact,0"
            })
        #expect(lines.last == "\(before),mountscope,lost_events,map_full,all,,10,,,,,,exact,0")
    }

    @Test("every series has its machine row and its CPUs sum to it")
    func everySeriesHasItsMachineRowAndItsCPUsSumToIt() throws {
        let rows = rows(try interval(after: 1_000_000_000))
        for key in SeriesKey.all {
            let own = rows.filter { $0["metric"] == key.metric.name && $0["site"] == key.site }
            let all = own.filter { $0["scope"] == "all" }
            let cpus = own.filter { $0["scope"] == "cpu" }
            #expect(all.count == 1)
            #expect(cpus.isEmpty == (key.metric.kind == .machineCounter))
            guard !cpus.isEmpty else { continue }
            for column in ["count", "sum_ns"] where all[0][column] != "" {
                #expect(cpus.compactMap { $0[column].flatMap { Int($0) } }.reduce(0, +) == Int(all[0][column] ?? ""))
            }
        }
    }

    @Test("the tool's own account is its own lock")
    func theToolsOwnAccountIsItsOwnLock() throws {
        let losses = rows(try interval(after: 1_000_000)).filter { $0["metric"] == "lost_events" }
        #expect(losses.count == LossCause.allCases.count)
        #expect(losses.allSatisfy { $0["lock"] == "mountscope" })
    }

    @Test("what is unavailable has one row of empty cells")
    func whatIsUnavailableHasOneRowOfEmptyCells() throws {
        world.mode = { $0.metric.subject == .namespaceSem ? .unavailable : .exact }
        let unavailable = rows(try interval(after: 1_000_000)).filter { $0["lock"] == "namespace_sem" }
        #expect(unavailable.count == 6)
        for row in unavailable {
            #expect(row["mode"] == "unavailable")
            #expect(row["scope"] == "all")
            for column in ["cpu", "count", "sum_ns", "max_ns", "p50_ns", "p90_ns", "p99_ns", "lost"] {
                #expect(row[column] == "", "\(column)")
            }
        }
    }

    @Test("durations that never happened have no longest and no percentiles")
    func durationsThatNeverHappenedHaveNoLongestAndNoPercentiles() throws {
        let idle = rows(try interval(after: 1)).filter { $0["metric"] == "read_hold" }
        for row in idle {
            #expect(row["count"] == "0")
            #expect(row["sum_ns"] == "0")
            for column in ["max_ns", "p50_ns", "p90_ns", "p99_ns"] { #expect(row[column] == "") }
        }
    }

    @Test("a CPU that went back is an empty cell, and so is the machine")
    func aCPUThatWentBackIsAnEmptyCellAndSoIsTheMachine() throws {
        let series = SeriesInterval(
            key: SeriesKey(.readRetries, site: "walk"), mode: .exact, reason: nil, all: nil,
            byCPU: [.count(1), nil, .count(0)],
            lost: 0)
        let interval = Interval(sequence: 1, endMonotonic: 5, endRealtime: 5, elapsed: 5, series: [series])
        let found = rows(interval, online: [])
        #expect(found.map { $0["cpu"] } == ["", "0", "1"])
        #expect(found.map { $0["count"] } == ["", "1", ""])
    }

    @Test("a CPU that is not there has no row")
    func aCPUThatIsNotThereHasNoRow() throws {
        let cpus = Set(rows(try interval(after: 1_000_000)).compactMap { $0["cpu"] })
        #expect(cpus == ["", "0", "1"])
        let all = Set(rows(try interval(after: 1_000_000), online: [0, 1, 2]).compactMap { $0["cpu"] })
        #expect(all == ["", "0", "1", "2"])
    }

    @Test("histogram rows add up to the count")
    func histogramRowsAddUpToTheCount() throws {
        let interval = try interval(after: 100_000_000)
        var rows = CSVRows(headerOf: HistogramRow.columns)
        HistogramRow.append(interval, run: "r", to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "run_id,seq,lock,metric,site,scope,cpu,bucket_lo_ns,bucket_hi_ns,count")
        #expect(lines.dropFirst().first == "r,3,namespace_sem,read_wait,mountinfo,all,,960,1023,48")
        let holds = lines.filter { $0.contains("read_hold,mountinfo,all") }
        let counts = holds.compactMap { $0.split(separator: ",").last.flatMap { UInt64($0) } }
        #expect(counts.reduce(0, +) == interval[SeriesKey(.readHold, site: "mountinfo")]?.all?.count)
    }

    @Test("the last bucket has no upper edge")
    func theLastBucketHasNoUpperEdge() {
        let longest = [UInt64.max / 2].reduce(into: Histogram.empty) { $0.record($1) }
        let series = SeriesInterval(
            key: SeriesKey(.readHold, site: "mounts"), mode: .exact, reason: nil, all: .durations(longest), byCPU: [],
            lost: 0)
        var rows = CSVRows()
        HistogramRow.append(
            Interval(sequence: 1, endMonotonic: 5, endRealtime: 5, elapsed: 5, series: [series]), run: "r", to: &rows)
        #expect(
            String(decoding: rows.bytes, as: UTF8.self) == "r,1,namespace_sem,read_hold,mounts,all,,257698037760,,1\n")
    }
}
