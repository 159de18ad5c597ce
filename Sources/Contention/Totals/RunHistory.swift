/// How a run went, step by step: how bad it was, how often things happened and how long they took. Of every step the mean and
/// the greatest interval.
public struct RunHistory: Sendable, Equatable {
    /// As many as the run has steps.
    public internal(set) var steps: [RunStep] = []
    /// What began or ceased to be measured, in the order of time, the first hundred.
    public internal(set) var changes: [RunChange] = []

    /// Changes that are kept.
    public static let mostChanges = 100

    /// Two steps become one.
    mutating func halve() {
        steps = halved(steps) { $0.adding($1) }
    }
}

/// A step of a run. What was not known in all of it is nil.
public struct RunStep: Sendable, Equatable {
    /// CPUs on average, as in `LockVerdict`.
    public internal(set) var spinning = StepValue()
    public internal(set) var waiting = StepValue()
    public internal(set) var walkingAgain = StepValue()
    public internal(set) var lost = StepValue()
    /// Tasks on average.
    public internal(set) var semaphoreWaiters = StepValue()
    public internal(set) var sleepers = StepValue()
    /// In the order of `CostRow.allCases`.
    var rows = [RowStep](repeating: RowStep(), count: CostRow.allCases.count)

    /// A row of the step.
    public subscript(_ row: CostRow) -> RowStep { rows[row.place] }

    mutating func add(_ verdict: LockVerdict, over elapsed: UInt64) {
        spinning.add(verdict.spinning?.value, over: elapsed)
        waiting.add(verdict.waiting?.value, over: elapsed)
        walkingAgain.add(verdict.walkingAgain?.value, over: elapsed)
        lost.add(verdict.lost?.value, over: elapsed)
        semaphoreWaiters.add(verdict.semaphoreWaiters?.value, over: elapsed)
        sleepers.add(verdict.sleepers?.value, over: elapsed)
    }

    fileprivate func adding(_ next: RunStep) -> RunStep {
        var sum = self
        sum.spinning.add(next.spinning)
        sum.waiting.add(next.waiting)
        sum.walkingAgain.add(next.walkingAgain)
        sum.lost.add(next.lost)
        sum.semaphoreWaiters.add(next.semaphoreWaiters)
        sum.sleepers.add(next.sleepers)
        for index in sum.rows.indices { sum.rows[index].add(next.rows[index]) }
        return sum
    }
}

/// What happened in a row of a step.
public struct RowStep: Sendable, Equatable {
    /// Events a second.
    public internal(set) var rate = StepValue()
    /// Nanoseconds; nil where nothing was timed.
    public internal(set) var longest: UInt64?
    /// How durations are spread; none where nothing was timed.
    var buckets: [UInt64] = []

    /// The duration, in nanoseconds, that 99 % of those of the step do not exceed; nil where none was timed.
    public var p99: UInt64? {
        let count = buckets.reduce(0, &+)
        guard count > 0 else { return nil }
        return Histogram(count: count, sum: 0, maximum: longest ?? .max, buckets: buckets).percentile(0.99)
    }

    mutating func add(bucket: Int, count: UInt64) {
        if buckets.isEmpty { buckets = Array(repeating: 0, count: HistogramLayout.bucketCount) }
        buckets[bucket] &+= count
    }

    /// Nothing of it is told, because not all of it was measured.
    mutating func forgetDurations() {
        longest = nil
        buckets = []
    }

    fileprivate mutating func add(_ next: RowStep) {
        rate.add(next.rate)
        longest = [longest, next.longest].compactMap { $0 }.max()
    }
}

/// Series that began or ceased to be measured in the same interval.
public struct RunChange: Sendable, Equatable {
    /// The interval from which on it is so; counts from 1 in the recording.
    public let sequence: Int
    /// The step it lies in.
    public internal(set) var step: Int
    /// CLOCK_REALTIME at the interval's end, nanoseconds since 1970 UTC.
    public let endRealtime: Int64
    public let mode: Mode
    public internal(set) var keys: [SeriesKey]
}

extension CostRow {
    /// Its place among all; of its colour too, the same in all plots of a page.
    public var place: Int { CostRow.allCases.firstIndex(of: self) ?? 0 }

    /// The row whose events the series counts, and the row whose durations it has.
    static func places(of key: SeriesKey) -> (counted: Int?, timed: Int?) {
        if key.metric == .readerWait { return (CostRow.readerSpins.place, CostRow.readerSpins.place) }
        return (
            allCases.firstIndex { $0.counter == key.metric && $0.includes(key.site) },
            allCases.firstIndex { $0.timer == key.metric && $0.includes(key.site) }
        )
    }
}
