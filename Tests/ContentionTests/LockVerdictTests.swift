import Testing

@testable import Contention

/// Intervals of a second with the series that a test names, and 100 CPUs.
enum CostFixture {
    static let second: UInt64 = 1_000_000_000

    static func series(_ metric: Metric, _ site: String = "", _ mode: Mode = .exact, _ all: Delta?) -> SeriesInterval {
        SeriesInterval(
            key: SeriesKey(metric, site: site), mode: all == nil ? .unavailable : mode, reason: nil, all: all,
            byCPU: [],
            lost: nil)
    }

    static func durations(_ nanoseconds: [UInt64]) -> Delta {
        .durations(nanoseconds.reduce(into: Histogram.empty) { $0.record($1) })
    }

    static func timed(_ count: UInt64, _ nanoseconds: UInt64) -> Delta {
        .timed(TimedCount(count: count, nanoseconds: nanoseconds))
    }

    static func interval(_ series: [SeriesInterval], elapsed: UInt64 = second) -> Interval {
        let cpus = series.contains { $0.key.metric == .cpusOnline } ? [] : [self.series(.cpusOnline, .count(100))]
        return Interval(
            sequence: 1, endMonotonic: elapsed, endRealtime: 0, elapsed: elapsed, series: series + cpus)
    }

    static func series(_ metric: Metric, _ all: Delta?) -> SeriesInterval { series(metric, "", .exact, all) }
}

@Suite struct LockVerdictTests {
    private typealias Fixture = CostFixture

    private func verdict(_ series: [SeriesInterval]) -> LockVerdict { Fixture.interval(series).verdict(cpus: nil) }

    /// Milliseconds of waits for the spinlock in a second of 100 CPUs, as CPUs lost.
    private func level(lostMilliseconds: UInt64) -> VerdictLevel? {
        verdict([Fixture.series(.lockWait, "write", .exact, Fixture.durations([lostMilliseconds * 1_000_000]))]).level
    }

    private func level(waitingMilliseconds: UInt64) -> VerdictLevel? {
        verdict([Fixture.series(.writeWait, "mount", .exact, Fixture.durations([waitingMilliseconds * 1_000_000]))])
            .level
    }

    @Test("a thousandth of the CPUs makes it busy, a fiftieth a storm")
    func lostCPUs() {
        #expect(level(lostMilliseconds: 99) == .calm)
        #expect(level(lostMilliseconds: 100) == .busy)
        #expect(level(lostMilliseconds: 1_999) == .busy)
        #expect(level(lostMilliseconds: 2_000) == .storm)
    }

    @Test("a tenth of a task that waits makes it busy, a whole one a storm")
    func waitingTasks() {
        #expect(level(waitingMilliseconds: 99) == .calm)
        #expect(level(waitingMilliseconds: 100) == .busy)
        #expect(level(waitingMilliseconds: 999) == .busy)
        #expect(level(waitingMilliseconds: 1_000) == .storm)
    }

    @Test("the worse of both locks counts")
    func worse() {
        let wait = Fixture.series(.lockWait, "write", .exact, Fixture.durations([1_000_000]))
        let queue = Fixture.series(.readWait, "mountinfo", .exact, Fixture.durations([3_000_000_000]))
        #expect(verdict([wait, queue]).level == .storm)
        #expect(verdict([wait]).level == .calm)
    }

    @Test("spins, waits and walks at their price are the CPUs lost")
    func sum() throws {
        let found = verdict([
            Fixture.series(.spinTime, "path_init", .exact, Fixture.timed(7, 3_000_000_000)),
            Fixture.series(.lockWait, "write", .exact, Fixture.durations([1_000_000_000, 500_000_000])),
            Fixture.series(.walkFallbacks, "lookup", .exact, .count(250_000)),
        ])
        #expect(found.spinning == Amount(3))
        #expect(found.waiting == Amount(1.5))
        #expect(found.walkingAgain == Amount(0.5, .about))
        let lost = try #require(found.lost)
        #expect(lost == Amount(5, .about))
        #expect(found.lostShare == 0.05 && !found.isSampled)
    }

    @Test("what is unknown takes exact away, and nothing known is no verdict")
    func unknown() {
        let found = verdict([
            Fixture.series(.lockWait, "write", .exact, Fixture.durations([1_000_000_000])),
            Fixture.series(.readWait, "mountinfo", .exact, Fixture.durations([1_000])),
            Fixture.series(.readWait, "statmount", .exact, nil),
        ])
        #expect(found.lost == Amount(1, .atLeast))
        #expect(found.semaphoreWaiters?.mark == .atLeast)
        #expect(verdict([]).level == nil && verdict([]).lost == nil && verdict([]).severity == nil)
        #expect(verdict([Fixture.series(.spinTime, "path_init", .exact, nil)]).level == nil)
    }

    @Test("writers and exclusive readers, or either: the other of them is not missing")
    func alternatives() {
        let either = Fixture.series(.lockWait, Metric.either, .exact, Fixture.durations([1_000]))
        #expect(verdict([Fixture.series(.lockWait, "write", .exact, nil), either]).waiting?.mark == .exact)
    }

    @Test("samples stand in, by the lower end of what they may mean: a single one is no storm")
    func samples() {
        func share(_ part: UInt64, of whole: UInt64) -> [SeriesInterval] {
            [Fixture.series(.spinShare, "path_init", .sampled, .share(Share(part: part, whole: whole, repeats: 0)))]
        }
        let one = verdict(share(1, of: 10))
        #expect(one.spinning?.value == 10 && one.spinning?.mark == .about && one.isSampled)
        #expect(one.level == .busy)
        #expect(verdict(share(1, of: 1_000_000)).level == .calm)
        #expect(verdict(share(50_000, of: 1_000_000)).level == .storm)
        let queue = Fixture.series(.lockQueue, "", .sampled, .share(Share(part: 500, whole: 1000, repeats: 0)))
        #expect(verdict([queue]).waiting == Amount(0.5, .atLeast, least: verdict([queue]).waiting?.least))
    }

    @Test("on PREEMPT_RT who waits for mount_lock sleeps, and no CPU is lost so")
    func sleepers() {
        let found = verdict([
            Fixture.series(.readerWait, "", .exact, Fixture.durations([400_000_000])),
            Fixture.series(.lockWait, "write", .exact, Fixture.durations([600_000_000])),
        ])
        #expect(found.sleepers == Amount(1) && found.lost == nil && found.level == .storm)
    }

    @Test("a run knows its worst interval, also where rows are left out")
    func worst() throws {
        let names = [
            SeriesName(SeriesKey(.cpusOnline)), SeriesName(SeriesKey(.writeWait, site: "mount")),
            SeriesName(SeriesKey(.writeWait, site: "expiry")),
        ]
        for isSparse in [false, true] {
            var builder = RunTotalsBuilder(start: (0, 0), isSparse: isSparse)
            for (index, milliseconds) in [0, 500, 1500, 0].enumerated() {
                var record = IntervalRecord()
                record.sequence = index + 1
                record.elapsed = Fixture.second
                record.monotonic = UInt64(index + 1) * Fixture.second
                record.realtime = Int64(index + 1) * 1_000_000_000
                let rows: [(series: Int, count: UInt64?, sum: UInt64?)] = [
                    (0, 4, nil), (1, milliseconds > 0 ? 1 : 0, UInt64(milliseconds) * 1_000_000), (2, nil, nil),
                ]
                for row in rows where !isSparse || index == 0 || row.sum ?? 0 > 0 {
                    record.series = row.series
                    record.count = row.count
                    record.nanoseconds = row.sum
                    record.mode = row.count == nil ? .unavailable : .exact
                    builder.add(record, names)
                }
            }
            let worst = try #require(try builder.finish().worst)
            #expect(worst.sequence == 3 && worst.endRealtime == 3_000_000_000)
            #expect(worst.verdict.semaphoreWaiters == Amount(1.5, .atLeast) && worst.verdict.cpus == 4)
        }
    }
}
