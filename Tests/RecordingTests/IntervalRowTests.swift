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
        var rows = CSVRows(headerOf: IntervalTable.table.written)
        IntervalTable.append(interval, run: "r", onlineCPUs: online, to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test("the header names every column")
    func theHeaderNamesEveryColumn() {
        let header = String(decoding: CSVRows(headerOf: IntervalTable.table.written).bytes, as: UTF8.self)
        #expect(
            header == """
                run_id,seq,t_mono_ns,time,dt_ns,lock,metric,site,scope,cpu,count,sum_ns,max_ns,p50_ns,p90_ns,p99_ns,mode,lost,out_of,repeats,share,share_lo,share_hi

                """)
    }

    @Test("rows read as documented")
    func rowsReadAsDocumented() throws {
        var rows = CSVRows()
        IntervalTable.append(try interval(after: 10_000_000), run: "r", onlineCPUs: [0, 1], to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
        let before = "r,3,10010000000,2024-02-29T00:00:00.010000000Z,10000000"
        #expect(
            lines.prefix(4) == [
                "\(before),mount_lock,write_sections,,all,,10,,,,,,exact,0,,,,,",
                "\(before),mount_lock,write_acquires,,all,,15,,,,,,exact,0,,,,,",
                "\(before),mount_lock,write_acquires,,cpu,0,10,,,,,,exact,,,,,,",
                "\(before),mount_lock,write_acquires,,cpu,1,5,,,,,,exact,,,,,,",
            ])
        let holds = "\(before),namespace_sem,read_hold,mounts,all,,15,15055,1009,1009,1009,1009,exact,0,,,,,"
        #expect(lines.contains { $0 == holds })
        #expect(lines.last == "\(before),mountscope,lost_events,impossible,all,,10,,,,,,exact,0,,,,,")
    }

    @Test("a share has its whole, and an interval where it was sampled")
    func aShareHasItsWholeAndAnIntervalWhereItWasSampled() throws {
        let rows = rows(try interval(after: 10_000_000_000))
        let share = try #require(rows.first { $0["metric"] == "spin_share" && $0["scope"] == "all" })
        #expect(share["count"] == "1875" && share["out_of"] == "15000" && share["repeats"] == "234")
        #expect(share["sum_ns"] == "" && share["share"] == "0.12500000")
        // scipy.stats.binomtest(1875, 15000).proportion_ci(method="wilson"): 234 repeats in 1,875 hits are no more than
        // chance gives, so the samples count as independent.
        #expect(share["share_lo"] == "0.11980331" && share["share_hi"] == "0.13038871")
        let coverage = try #require(rows.first { $0["metric"] == "write_coverage" })
        #expect(coverage["out_of"] == "10000" && coverage["share"] == "1.00000000")
        #expect(coverage["share_lo"] == "" && coverage["share_hi"] == "" && coverage["repeats"] == "")
    }

    private static let ofShares = ["out_of", "repeats", "share", "share_lo", "share_hi"]
    private static let machineKinds: [MetricKind] = [.machineCounter, .machineTimedCounter, .machineShare]

    @Test("every series has its machine row and its CPUs sum to it")
    func everySeriesHasItsMachineRowAndItsCPUsSumToIt() throws {
        let rows = rows(try interval(after: 1_000_000_000))
        for key in SeriesKey.all {
            let own = rows.filter {
                $0["lock"] == key.metric.subject.rawValue && $0["metric"] == key.metric.name && $0["site"] == key.site
            }
            let all = own.filter { $0["scope"] == "all" }
            let cpus = own.filter { $0["scope"] == "cpu" }
            #expect(all.count == 1, "\(key)")
            #expect(cpus.isEmpty == Self.machineKinds.contains(key.metric.kind), "\(key)")
            guard !cpus.isEmpty else { continue }
            for column in ["count", "sum_ns", "out_of"] where all[0][column] != "" {
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
        #expect(unavailable.count == SeriesKey.all.count { $0.metric.subject == .namespaceSem })
        for row in unavailable {
            #expect(row["mode"] == "unavailable")
            #expect(row["scope"] == "all")
            for column in ["cpu", "count", "sum_ns", "max_ns", "p50_ns", "p90_ns", "p99_ns", "lost"] + Self.ofShares {
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

    @Test("a CPU that is not there has no row, but for the one that says so")
    func aCPUThatIsNotThereHasNoRow() throws {
        let rows = rows(try interval(after: 1_000_000), online: [])
        #expect(Set(rows.compactMap { $0["cpu"] }) == ["", "0", "1", "2"])
        #expect(Set(rows.filter { $0["cpu"] == "2" }.map { $0["metric"] }) == ["cpus_online"])
        #expect(rows.filter { $0["metric"] == "cpus_online" }.map { $0["count"] } == ["2", "1", "1", "0"])
    }

    @Test("where nobody knows which CPUs are there those count that were when the run began")
    func whereNobodyKnowsWhichCPUsAreThereThoseCountThatWereWhenTheRunBegan() throws {
        world.mode = { $0.metric == .cpusOnline ? .unavailable : .exact }
        let two = rows(try interval(after: 1_000_000), online: [0, 1])
        #expect(Set(two.compactMap { $0["cpu"] }) == ["", "0", "1"])
        let three = rows(try interval(after: 1_000_000), online: [0, 1, 2])
        #expect(Set(three.compactMap { $0["cpu"] }) == ["", "0", "1", "2"])
    }

    @Test("histogram rows add up to the count")
    func histogramRowsAddUpToTheCount() throws {
        let interval = try interval(after: 100_000_000)
        var rows = CSVRows(headerOf: HistogramTable.table.written)
        HistogramTable.append(interval, run: "r", to: &rows)
        let lines = String(decoding: rows.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "run_id,seq,lock,metric,site,scope,cpu,bucket_lo_ns,bucket_hi_ns,count")
        #expect(lines.dropFirst().first == "r,3,mount_lock,write_hold,,all,,960,1023,48")
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
        HistogramTable.append(
            Interval(sequence: 1, endMonotonic: 5, endRealtime: 5, elapsed: 5, series: [series]), run: "r", to: &rows)
        #expect(
            String(decoding: rows.bytes, as: UTF8.self) == "r,1,namespace_sem,read_hold,mounts,all,,257698037760,,1\n")
    }
}
