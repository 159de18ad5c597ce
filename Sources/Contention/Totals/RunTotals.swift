/// A whole run added up. A pure value: no files, no clock.
public struct RunTotals: Sendable, Equatable {
    /// In the order of the recording.
    public let series: [SeriesTotal]
    /// Whole intervals.
    public let intervals: Int
    /// Intervals of the recording before them.
    public let skipped: Int
    /// CLOCK_MONOTONIC of the first snapshot and of the last, nanoseconds.
    public let startMonotonic: UInt64
    public let endMonotonic: UInt64
    /// CLOCK_REALTIME of the first snapshot and of the last, nanoseconds since 1970 UTC.
    public let startRealtime: Int64
    public let endRealtime: Int64
    /// Nanoseconds of each step of the series' timelines.
    public let steps: [UInt64]
    /// Intervals a step; the last one may have fewer.
    public let stepWidth: Int
    /// The interval in which it was worst; nil where no interval has a verdict.
    public let worst: WorstInterval?
    /// How it went, step by step.
    public let history: RunHistory
    /// What happened on each CPU, step by step; nil where CPUs were not followed.
    public let cpuHistory: CPUHistory?

    /// Nanoseconds from the first snapshot to the last.
    public var elapsed: UInt64 { endMonotonic - startMonotonic }

    /// nil for a series that the run does not have.
    public subscript(_ name: SeriesName) -> SeriesTotal? { series.first { $0.name == name } }
    /// nil for a series that the run does not have.
    public subscript(_ key: SeriesKey) -> SeriesTotal? { self[SeriesName(key)] }
}

/// The interval of a run in which it was worst: a mean over hours hides half a minute.
public struct WorstInterval: Sendable, Equatable {
    /// Counts from 1.
    public let sequence: Int
    /// CLOCK_REALTIME at its end, nanoseconds since 1970 UTC.
    public let endRealtime: Int64
    public let verdict: LockVerdict
}

/// One series over a whole run. nil is "not known", never 0.
public struct SeriesTotal: Sendable, Equatable {
    public let name: SeriesName
    /// In how many intervals it had which mode.
    public internal(set) var modes: [Mode: Int] = [:]
    /// Events, of a share the part, of a level the last value; over the intervals in which they were known.
    public internal(set) var count: UInt64?
    /// Nanoseconds, all events added up.
    public internal(set) var nanoseconds: UInt64?
    /// The longest, in nanoseconds.
    public internal(set) var maximum: UInt64?
    /// Events known to be lost.
    public internal(set) var lost: UInt64?
    /// The part of a whole, where it is one.
    public internal(set) var share: Share?
    /// How the durations are spread, from hist.csv; nil where there are none.
    public internal(set) var histogram: Histogram?
    /// Nanoseconds of the intervals in which the count was known.
    public internal(set) var knownElapsed: UInt64 = 0
    /// Intervals in which it was not.
    public internal(set) var unknownIntervals = 0
    /// By CPU number, of the CPUs that have rows.
    public internal(set) var cpus = CPUTable<CPUTotal>()
    /// How it went over time.
    public internal(set) var timeline = Timeline()

    init(name: SeriesName) { self.name = name }

    /// Of all intervals; of several the weakest that gave numbers, `unavailable` only where none did.
    public var mode: Mode {
        let found: [Mode] = [.estimated, .sampled, .exact]
        return found.first { modes[$0] != nil } ?? .unavailable
    }

    /// Events a second over the time in which they were known; nil where they never were.
    public var rate: Double? {
        guard let count, knownElapsed > 0 else { return nil }
        return Double(count) * 1e9 / Double(knownElapsed)
    }

    /// The duration that this share of all did not exceed, in nanoseconds.
    public func percentile(_ fraction: Double) -> UInt64? { histogram?.percentile(fraction) }
}

/// One series on one CPU over a whole run.
public struct CPUTotal: Sendable, Equatable {
    public internal(set) var count: UInt64?
    public internal(set) var nanoseconds: UInt64?
    public internal(set) var maximum: UInt64?
    public internal(set) var whole: UInt64?
    public internal(set) var repeats: UInt64?
    /// Rows with a count.
    var knownRows = 0
    /// Rows without one.
    public internal(set) var unknownIntervals = 0

    /// The part of a whole, where it is one and all of it was recorded.
    public var share: Share? {
        guard let count, let whole else { return nil }
        return Share(part: count, whole: whole, repeats: repeats)
    }
}
