import Contention

/// A recorded run as a source of intervals, which come at the pace of the run.
///
/// They are as they were recorded, with one difference that no view shows: a CPU's durations are a count and a sum, because
/// the run has no buckets of single CPUs.
public struct Replay: IntervalSource {
    /// What is played.
    public let run: RecordedRun
    private var reader: IntervalReader
    private var records: RecordReader
    private var waiter: any Waiter
    /// Times as fast as it was; nil for as fast as possible.
    private let speed: Double?
    private let clock: @Sendable () -> UInt64
    /// The real time at which the run begins again.
    private var realStart: UInt64?
    /// The grid that the run's intervals end on, by its own clock.
    private var nextTick: UInt64
    private var upcoming: RecordedInterval?
    private let window: MonotonicWindow
    /// Whether the run goes on behind the window.
    private var isCut = false
    /// Those of intervals before the window: later rows name them.
    private var skippedActors: [ActorRow] = []
    /// CLOCK_MONOTONIC at which the first interval that is played begins.
    private let startMonotonic: UInt64
    private var latest: RecordedInterval?
    /// Those of the first interval, which this version knows.
    private var series: [ReplayedSeries] = []
    private var modes = ModeChanges()
    public private(set) var count = 0

    /// - Parameters:
    ///   - window: what is played of it.
    ///   - speed: times as fast as it was, more than 0; nil for as fast as possible.
    ///   - waiter: waits in real time, and brings the news of the real world.
    ///   - clock: CLOCK_MONOTONIC, nanoseconds.
    /// - Throws: `RunReadError`.
    public init(
        _ run: RecordedRun, window: RunWindow = .whole, speed: Double?, waiter: any Waiter,
        clock: @escaping @Sendable () -> UInt64
    ) throws(RunReadError) {
        self.run = run
        self.speed = speed
        self.waiter = waiter
        self.clock = clock
        self.window = MonotonicWindow(window, of: run.description)
        reader = try IntervalReader(run)
        records = try RecordReader(run)
        upcoming = try reader.next()
        var start = run.description.startMonotonic
        let wasEmpty = upcoming == nil
        while let passed = upcoming, self.window.isBefore(passed.monotonic) {
            start = passed.monotonic
            skippedActors += try records.batch(passed.sequence).actors
            upcoming = try reader.next()
        }
        if let first = upcoming, self.window.isBehind(first.monotonic, first.monotonic - start) { upcoming = nil }
        guard wasEmpty || upcoming != nil else { throw .emptyWindow(run.path) }
        startMonotonic = start
        nextTick = start + run.description.plan.interval
        // The reader is a row ahead: a series that only later intervals have is none yet.
        for (index, name) in reader.names.prefix(upcoming?.series.count ?? 0).enumerated() {
            guard let key = name.key else { continue }
            series.append(
                ReplayedSeries(
                    key: key, place: index, first: upcoming?.series[index],
                    reason: run.reasons[key] ?? "not measured in this part of the run"))
        }
    }

    public var summary: Interval? {
        guard let latest else { return nil }
        return Interval(
            sequence: 0, endMonotonic: latest.monotonic, endRealtime: latest.realtime,
            elapsed: latest.monotonic - startMonotonic, series: series.map(\.summary))
    }

    /// The next interval of the recording, when its time has come.
    public mutating func next() throws -> IntervalStep {
        guard let interval = upcoming else { return .over }
        let wakeup = try wait(until: nextTick)
        guard wakeup == .deadline else { return .news(wakeup) }
        upcoming = try reader.next()
        if let next = upcoming, window.isBehind(next.monotonic, next.monotonic - interval.monotonic) {
            upcoming = nil
            isCut = true
        }
        // As in `SamplingLoop`: an interval that was slept through is one longer interval.
        let step = run.description.plan.interval
        if interval.monotonic >= nextTick { nextTick += ((interval.monotonic - nextTick) / step + 1) * step }
        let start = latest?.monotonic ?? startMonotonic
        latest = interval
        count += 1
        let found = series.indices.map { index in
            let place = series[index].place
            return series[index].take(place < interval.series.count ? interval.series[place] : nil)
        }
        var batch = try records.batch(interval.sequence)
        batch.actors = skippedActors + batch.actors
        skippedActors = []
        if upcoming == nil, !isCut { try records.finish() }
        return .interval(
            IntervalBundle(
                Interval(
                    sequence: count, endMonotonic: interval.monotonic, endRealtime: interval.realtime,
                    elapsed: interval.monotonic - start, series: found
                ).following(&modes), records: batch))
    }

    /// Nothing: what was not shown yet is no part of the replay.
    public mutating func finish() -> IntervalBundle? { nil }

    /// Waits as long as the recording did, or less by the speed.
    private mutating func wait(until moment: UInt64) throws -> Wakeup {
        let start = realStart ?? clock()
        realStart = start
        guard let speed else { return try waiter.wait(until: 0) }
        let distance = Double(moment - min(moment, startMonotonic)) / speed
        return try waiter.wait(until: start + UInt64(min(distance, 4e18)))
    }
}
