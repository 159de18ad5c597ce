import Testing

@testable import Contention

/// Rows of a run, made interval by interval.
private struct Rows {
    static let names = [
        SeriesName(SeriesKey(.writeSections)), SeriesName(SeriesKey(.spinTime, site: "path_init")),
        SeriesName(SeriesKey(.readRetries, site: "walk")), SeriesName(SeriesKey(.readRetries, site: "lookup")),
        SeriesName(SeriesKey(.readHold, site: "mountinfo")), SeriesName(SeriesKey(.spinShare, site: "path_init")),
    ]
    var builder: RunTotalsBuilder

    init(isSparse: Bool = false) {
        builder = RunTotalsBuilder(start: (1_000, 0), isSparse: isSparse, byCPU: true)
    }

    mutating func add(
        _ series: Int, in interval: Int, _ count: UInt64?, nanoseconds: UInt64? = nil, maximum: UInt64? = nil,
        whole: UInt64? = nil, mode: Mode = .exact, cpu: Int? = nil
    ) {
        var record = IntervalRecord()
        record.series = series
        record.sequence = interval
        record.elapsed = 1_000_000_000
        record.monotonic = 1_000 + UInt64(interval) * record.elapsed
        record.realtime = Int64(interval) * 1_000_000_000
        record.count = count
        record.nanoseconds = nanoseconds
        record.maximum = maximum ?? nanoseconds
        record.whole = whole
        record.mode = mode
        record.cpu = cpu
        builder.add(record, Rows.names)
    }
}

@Suite struct RunHistoryTests {
    @Test("a step has the mean of its intervals and the greatest of them: a storm of one interval in hundreds is seen")
    func meanAndMaximum() throws {
        var rows = Rows()
        for interval in 1...300 {
            rows.add(0, in: interval, interval == 150 ? 4_000 : 10)
            rows.add(1, in: interval, 1, nanoseconds: interval == 150 ? 800_000_000 : 0)
        }
        let totals = try rows.builder.finish()
        #expect(totals.stepWidth == 4 && totals.steps.count == 75)
        let step = totals.history.steps[(150 - 1) / 4]
        #expect(step[.writeSections].rate.maximum == 4_000)
        #expect(step[.writeSections].rate.mean == (3 * 10 + 4_000) / 4.0)
        let spinning = try #require(step.spinning.mean)
        #expect(step.spinning.maximum == 0.8 && abs(spinning - 0.2) < 1e-12)
        #expect(step.lost.maximum == 0.8)
        #expect(totals.history.steps[0].spinning.maximum == 0)
        #expect(totals.series[0].timeline.maxima[37] == 4_000 / 1e9)
    }

    @Test("the sites of a row add up interval by interval; where one of them is not known the row is not")
    func sites() throws {
        var rows = Rows()
        for interval in 1...3 {
            rows.add(2, in: interval, 5)
            rows.add(3, in: interval, interval == 2 ? nil : 7, mode: interval == 2 ? .unavailable : .exact)
        }
        let steps = try rows.builder.finish().history.steps
        #expect(steps.map { $0[.readRetries].rate.mean } == [12, nil, 12])
        #expect(steps[0][.walksAgain].rate.mean == nil)
    }

    @Test("what begins or ceases to be measured is told with its interval")
    func changes() throws {
        var rows = Rows()
        for interval in 1...3 {
            rows.add(2, in: interval, 5)
            rows.add(3, in: interval, interval == 2 ? nil : 7, mode: interval == 2 ? .unavailable : .exact)
        }
        let changes = try rows.builder.finish().history.changes
        let key = SeriesKey(.readRetries, site: "lookup")
        #expect(changes.map(\.sequence) == [2, 3] && changes.map(\.mode) == [.unavailable, .exact])
        #expect(
            changes.allSatisfy { $0.keys == [key] } && changes.map(\.endRealtime) == [2_000_000_000, 3_000_000_000])
    }

    @Test("a step has P99 and the longest of the durations in it")
    func durations() throws {
        var rows = Rows()
        for interval in 1...2 {
            rows.add(4, in: interval, 100, nanoseconds: 10_000, maximum: interval == 1 ? 90 : 5_000)
        }
        let name = Rows.names[4]
        rows.builder.add(bucket: HistogramLayout.bucket(of: 80), count: 100, name, in: 1)
        rows.builder.add(bucket: HistogramLayout.bucket(of: 80), count: 98, name, in: 2)
        rows.builder.add(bucket: HistogramLayout.bucket(of: 5_000), count: 2, name, in: 2)
        let steps = try rows.builder.finish().history.steps
        #expect(steps.map { $0[.tablePages].longest } == [90, 5_000])
        #expect(steps.map { $0[.tablePages].p99 } == [87, 5_000])
        #expect(steps[0][.otherReaders].p99 == nil)
    }

    @Test("in a sparse run what has no row happened not at all, in the history too")
    func sparse() throws {
        var rows = Rows(isSparse: true)
        rows.add(2, in: 1, 5)
        rows.add(0, in: 1, 1)
        rows.add(0, in: 2, 1)
        rows.add(2, in: 3, 6)
        rows.add(0, in: 3, 1)
        let steps = try rows.builder.finish().history.steps
        #expect(steps.map { $0[.readRetries].rate.mean } == [5, 0, 6])
    }
}

@Suite struct CPUHistoryTests {
    private func layer(_ metric: Metric, _ rows: Rows) throws -> CPULayer {
        var rows = rows
        let history = try #require(try rows.builder.finish().cpuHistory)
        return try #require(history.layers.first { $0.metric == metric })
    }

    @Test("sites add up over the same time; what another CPU saw is its own")
    func sites() throws {
        var rows = Rows()
        rows.add(2, in: 1, 50)
        rows.add(2, in: 1, 20, cpu: 0)
        rows.add(2, in: 1, 30, cpu: 700)
        rows.add(3, in: 1, 7)
        rows.add(3, in: 1, 7, cpu: 0)
        let retries = try layer(.readRetries, rows)
        #expect(retries.cpus == [0, 700])
        #expect(retries.mean(0, 0) == 27 && retries.maximum(0, 0) == 27 && retries.mean(700, 0) == 30)
        #expect(retries.mean(1, 0) == nil && retries.mean(0, 1) == nil && retries.mean(9_000) == nil)
    }

    @Test("a CPU without rows is not known; in a sparse run it saw nothing")
    func missing() throws {
        for isSparse in [false, true] {
            var rows = Rows(isSparse: isSparse)
            for interval in 1...3 {
                rows.add(2, in: interval, 20)
                if interval != 2 { rows.add(2, in: interval, 20, cpu: 0) }
            }
            let retries = try layer(.readRetries, rows)
            #expect(retries.mean(0, 1) == (isSparse ? 0 : nil) && retries.maximum(0, 1) == (isSparse ? 0 : nil))
            #expect(retries.mean(0, 2) == 20)
            #expect(retries.mean(0) == (isSparse ? 40 / 3.0 : 20))
        }
    }

    @Test("durations are nanoseconds a second, shares parts of the CPU's samples")
    func units() throws {
        var rows = Rows()
        rows.add(4, in: 1, 1, nanoseconds: 250_000_000)
        rows.add(4, in: 1, 1, nanoseconds: 250_000_000, cpu: 2)
        rows.add(5, in: 1, 10, whole: 100, mode: .sampled)
        rows.add(5, in: 1, 10, whole: 100, mode: .sampled, cpu: 2)
        #expect(try layer(.readHold, rows).mean(2, 0) == 250_000_000)
        #expect(try layer(.spinShare, rows).mean(2, 0) == 0.1)
    }

    @Test("steps that are joined keep the mean and the greatest interval")
    func joined() throws {
        var rows = Rows()
        for interval in 1...257 {
            rows.add(2, in: interval, 1)
            rows.add(2, in: interval, interval == 100 ? 81 : 1, cpu: 3)
        }
        let retries = try layer(.readRetries, rows)
        #expect(retries.maximum(3, 99 / 4) == 81 && retries.mean(3, 99 / 4) == 21)
        #expect(retries.maximum(3, 64) == 1 && retries.mean(3, 64) == 1 && retries.mean(3, 65) == nil)
    }
}
