import Testing

@testable import Contention

@Suite struct HistoryTests {
    private typealias Fixture = CostFixture

    /// A wait of so many nanoseconds, and retries on two CPUs.
    private func interval(_ sequence: Int, wait: UInt64 = 1000, retries: [UInt64] = [1, 2]) -> Interval {
        let series = [
            Fixture.series(.writeWait, "mount", .exact, Fixture.durations([wait])),
            SeriesInterval(
                key: SeriesKey(.readRetries, site: "walk"), mode: .exact, reason: nil,
                all: .count(retries.reduce(0, +)), byCPU: retries.map(Delta.count), lost: 0),
            SeriesInterval(
                key: SeriesKey(.walkFallbacks, site: "open"), mode: .exact, reason: nil, all: .count(5),
                byCPU: [.count(5), nil], lost: 0),
            Fixture.series(.cpusOnline, .count(2)),
        ]
        return Interval(
            sequence: sequence, endMonotonic: UInt64(sequence) * Fixture.second,
            endRealtime: Int64(sequence) * 1_000_000_000, elapsed: Fixture.second, series: series)
    }

    @Test("the worst stays when it has scrolled away, until the reset")
    func worst() {
        var history = History(cpus: nil, budget: 0)
        for (index, wait) in [5_000_000_000, 1000, 1000].enumerated() {
            history.append(IntervalBundle(interval(index + 1, wait: UInt64(wait))))
        }
        #expect(history.count == 2 && history[2] == nil)
        #expect(history.worst[.writerWaits] == 5_000_000_000)
        #expect(history.durations[.writerWaits]?.count == 3)
        #expect(history.worstVerdict?.endRealtime == 1_000_000_000 && history.worstVerdict?.verdict.level == .storm)
        history.reset()
        #expect(history.worst.isEmpty && history.durations.isEmpty && history.worstVerdict == nil)
        #expect(history.resetAt == 3_000_000_000)
        history.append(IntervalBundle(interval(4, wait: 2000)))
        #expect(history.worst[.writerWaits] == 2000)
    }

    @Test("the latest moments are kept, the oldest goes first")
    func ring() {
        var history = History(cpus: nil, budget: 20_000)
        for sequence in 1...100 { history.append(IntervalBundle(interval(sequence))) }
        #expect(history.count >= 2 && history.count < 50)
        for age in 0..<history.count { #expect(history[age]?.sequence == 100 - age) }
        #expect(history[history.count] == nil && history[-1] == nil)
    }

    @Test("an hour of 512 CPUs and 300 series stays within its bytes")
    func bounded() {
        let cpus = Array(repeating: Delta?.some(.count(7)), count: 512)
        var series = (0..<300).map { index in
            SeriesInterval(
                key: SeriesKey(.writeAcquires, site: "function\(index)"), mode: .exact, reason: nil, all: .count(1),
                byCPU: [], lost: 0)
        }
        series.append(
            SeriesInterval(
                key: SeriesKey(.readRetries, site: "walk"), mode: .exact, reason: nil, all: .count(1), byCPU: cpus,
                lost: 0))
        var history = History(cpus: 512)
        for sequence in 1...3600 {
            history.append(
                IntervalBundle(
                    Interval(
                        sequence: sequence, endMonotonic: 1, endRealtime: 1, elapsed: Fixture.second, series: series)))
        }
        let each = 300 * MemoryLayout<SeriesPoint>.stride + 512 * 4 + 300 * MemoryLayout<CostPart>.stride
        #expect(history.count > 60 && history.count * each <= History.standardBudget)
    }

    @Test("a metric by CPU is kept from when it is chosen, sites together, unknown CPUs unknown")
    func cpus() {
        var history = History(cpus: nil)
        history.append(IntervalBundle(interval(1)))
        history.append(IntervalBundle(interval(2, retries: [3, 4])))
        #expect(history.cpuMetric == .readRetries)
        #expect(history[0]?.cpus[1] == 4 && history[1]?.cpus[0] == 1)
        history.keep(byCPU: .walkFallbacks)
        #expect(history[0]?.cpus[0] == 5 && history[0]?.cpus[1] == nil && history[0]?.cpus.count == 2)
        #expect(history[1]?.cpus.count == 0)
    }

    @Test("points have what a view shows of a series, and nothing where nothing is known")
    func points() throws {
        var history = History(cpus: nil)
        history.append(IntervalBundle(interval(1)))
        let moment = try #require(history[0])
        let place = try #require(history.keys.firstIndex(of: SeriesKey(.writeWait, site: "mount")))
        #expect(
            moment.points[place].rate == 1 && moment.points[place].longest == 1000 && moment.points[place].lost == nil)
        #expect(history.online == 2 && moment.verdict.cpus == 2)
    }
}
