import Contention

/// A recorded run as a source of snapshots and a clock that goes as the run went, for the code that shows live ones.
///
/// Intervals come out as they were recorded, with two differences that no view shows: a CPU's durations are a count and a
/// sum, because the run has no buckets of single CPUs; and where a counter went back the interval after that is not known
/// either.
public final class Replay: SnapshotSource, Waiter {
    private var reader: IntervalReader
    /// What is played.
    public let run: RecordedRun
    private var waiter: any Waiter
    /// Times as fast as it was; nil for as fast as possible.
    private let speed: Double?
    private let clock: @Sendable () -> UInt64
    /// The real time at which the run begins again.
    private var realStart: UInt64?
    private var next: RecordedInterval?
    private var sums: [Sum] = []
    private var isStarted = false
    private var step = 0
    private var moment: (monotonic: UInt64, realtime: Int64)

    /// A series since the beginning.
    fileprivate struct Sum {
        let key: SeriesKey
        /// Among the series of the run.
        let place: Int
        var mode = Mode.unavailable
        var isKnown = false
        var lost: UInt64 = 0
        var isLostKnown = false
        var all: Delta?
        var cpus: [Delta?] = []
        /// Of the latest interval.
        var longest: UInt64?
    }

    /// - Parameters:
    ///   - speed: times as fast as it was, more than 0; nil for as fast as possible.
    ///   - waiter: waits in real time, and brings the news of the real world.
    ///   - clock: CLOCK_MONOTONIC, nanoseconds.
    /// - Throws: `RunReadError`.
    public init(
        _ run: RecordedRun, speed: Double?, waiter: any Waiter, clock: @escaping @Sendable () -> UInt64
    ) throws(RunReadError) {
        self.run = run
        self.speed = speed
        self.waiter = waiter
        self.clock = clock
        reader = try IntervalReader(run)
        moment = (run.description.startMonotonic, run.description.startRealtime)
        next = try reader.next()
    }

    /// The plan of the run: every snapshot of the recording ends one of its intervals.
    public var plan: SamplingPlan {
        var plan = SamplingPlan(interval: run.description.plan.interval)
        plan.readAtLeastEvery = RecordedRun.maximumTime
        return plan
    }

    /// The state at the beginning, then at the end of the next interval; at the end of the run always the last one.
    public func snapshot() throws -> Snapshot {
        if !isStarted {
            isStarted = true
            begin()
        } else if let interval = next {
            moment = (interval.monotonic, interval.realtime)
            step += 1
            add(interval)
            next = try reader.next()
        }
        return Snapshot(
            monotonic: moment.monotonic, realtime: moment.realtime, possibleCPUs: run.description.host.possibleCPUs,
            readings: sums.map(reading))
    }

    /// Waits as long as the recording did, or less by the speed.
    public func wait(until deadline: UInt64) throws -> Wakeup {
        guard next != nil else { return .stop(.terminate, fromTerminal: false) }
        let start = realStart ?? clock()
        realStart = start
        guard let speed else { return try waiter.wait(until: 0) }
        let distance = Double(deadline - min(deadline, run.description.startMonotonic)) / speed
        return try waiter.wait(until: start + UInt64(min(distance, 4e18)))
    }

    /// Nothing yet of everything that the first interval has.
    private func begin() {
        // The reader is a row ahead: a series that only later intervals have is none yet.
        for (index, name) in reader.names.prefix(next?.series.count ?? 0).enumerated() {
            guard let key = name.key else { continue }
            var sum = Sum(key: key, place: index)
            if let first = next?.series[index] {
                sum.mode = first.mode
                sum.isKnown = first.mode != .unavailable
                sum.isLostKnown = first.lost != nil
                sum.all = first.all?.nothing
                sum.cpus = first.cpus.map { $0?.nothing }
            }
            sums.append(sum)
        }
    }

    private func add(_ interval: RecordedInterval) {
        for index in sums.indices where sums[index].place < interval.series.count {
            if let series = interval.series[sums[index].place] { sums[index].add(series) }
        }
    }

    private func reading(_ sum: Sum) -> SeriesReading {
        SeriesReading(key: sum.key, mode: sum.mode, value: value(sum), lost: sum.isLostKnown ? sum.lost : nil)
    }

    private func value(_ sum: Sum) -> ReadingValue {
        guard sum.isKnown, let all = sum.all else {
            return .unavailable(reason: run.reasons[sum.key] ?? "not measured in this part of the run")
        }
        if sum.key.metric.kind == .level { return .levels(sum.cpus.map { $0?.count ?? 0 }) }
        return .recorded(RecordedSums(all: all, byCPU: sum.cpus, step: step, longest: sum.longest))
    }
}

extension Replay.Sum {
    fileprivate mutating func add(_ series: RecordedSeries) {
        let wasKnown = isKnown
        mode = series.mode
        lost += series.lost ?? 0
        isLostKnown = series.lost != nil
        guard let more = series.all else {
            // Measured again from here on: what came before is not known, what comes next will be.
            isKnown = !wasKnown && series.mode != .unavailable
            return
        }
        isKnown = true
        longest = more.histogram?.maximum
        let isLevel = key.metric.kind == .level
        all = isLevel ? more : all.flatMap { $0.adding(more) } ?? more
        while cpus.count < series.cpus.count { cpus.append(nil) }
        for (cpu, delta) in series.cpus.enumerated() {
            guard let delta else { continue }
            cpus[cpu] = isLevel ? delta : cpus[cpu].flatMap { $0.adding(delta) } ?? delta
        }
    }
}
