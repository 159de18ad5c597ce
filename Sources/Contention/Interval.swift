/// The difference of two snapshots over the time that really passed between them.
public struct Interval: Sendable {
    /// Counts from 1 in a run; 0 for a summary.
    public let sequence: Int
    /// CLOCK_MONOTONIC at the end, nanoseconds.
    public let endMonotonic: UInt64
    /// CLOCK_REALTIME at the end, nanoseconds since 1970 UTC.
    public let endRealtime: Int64
    /// Measured, in nanoseconds.
    public let elapsed: UInt64
    /// In the order of `SeriesKey.all`, functions filled in.
    public let series: [SeriesInterval]
    /// What began or ceased to be measured since the interval before; nothing where nobody followed them.
    public private(set) var changes: [ModeChanges.Change] = []

    /// - Returns: nil when `later` was not taken after `earlier`, or is of another machine.
    public init?(sequence: Int, from earlier: Snapshot, to later: Snapshot) {
        guard later.monotonic > earlier.monotonic, later.possibleCPUs == earlier.possibleCPUs else { return nil }
        self.sequence = sequence
        endMonotonic = later.monotonic
        endRealtime = later.realtime
        elapsed = later.monotonic - earlier.monotonic
        series = zip(earlier.readings, later.readings).map(SeriesInterval.init(from:to:))
    }

    public init(
        sequence: Int, endMonotonic: UInt64, endRealtime: Int64, elapsed: UInt64, series: [SeriesInterval]
    ) {
        self.sequence = sequence
        self.endMonotonic = endMonotonic
        self.endRealtime = endRealtime
        self.elapsed = elapsed
        self.series = series
    }

    /// The same interval with what is otherwise than in the one before.
    public func following(_ modes: inout ModeChanges) -> Interval {
        var interval = self
        interval.changes = modes.follow(self)
        return interval
    }

    public subscript(_ key: SeriesKey) -> SeriesInterval? { series.first { $0.key == key } }

    public var elapsedSeconds: Double { Double(elapsed) / 1e9 }

    /// Events a second over the measured time.
    public func rate(_ count: UInt64) -> Double { Double(count) / elapsedSeconds }

    /// Events of a series a second over the time that its numbers stand for.
    public func rate(_ count: UInt64, of series: SeriesInterval) -> Double {
        series.measured.map { Double(count) * 1e9 / Double(max(1, $0)) } ?? rate(count)
    }
}

/// One series over one interval.
public struct SeriesInterval: Sendable, Equatable {
    public let key: SeriesKey
    public let mode: Mode
    /// Why nothing is known, where nothing is.
    public let reason: String?
    /// The machine; nil where unknown, never a stand-in 0.
    public let all: Delta?
    /// Each possible CPU; empty where no CPU is known.
    public let byCPU: [Delta?]
    /// Events of this series known to be lost in the interval; nil where that cannot be known.
    public let lost: UInt64?
    /// Nanoseconds that the numbers stand for, where that is not the whole interval.
    public let measured: UInt64?

    public init(
        key: SeriesKey, mode: Mode, reason: String?, all: Delta?, byCPU: [Delta?], lost: UInt64?,
        measured: UInt64? = nil
    ) {
        self.measured = measured
        self.key = key
        self.mode = mode
        self.reason = reason
        self.all = all
        self.byCPU = byCPU
        self.lost = lost
    }

    init(from earlier: SeriesReading, to later: SeriesReading) {
        key = later.key
        mode = later.mode
        measured = nil
        lost = later.lost.flatMap { now in earlier.lost.flatMap { now.subtracting($0) } }
        switch (earlier.value, later.value) {
        case (.total(let before), .total(let now)):
            reason = nil
            all = now.subtracting(before).map(Delta.count)
            byCPU = []
        case (.counts(let before), .counts(let now)):
            reason = nil
            byCPU = zip(before, now).map { $1.subtracting($0).map(Delta.count) }
            all = Delta.sum(byCPU)
        case (.histograms(let before), .histograms(let now)):
            reason = nil
            byCPU = zip(before, now).map { $1.since($0).map(Delta.durations) }
            all = Delta.sum(byCPU)
        case (.timedCounts(let before), .timedCounts(let now)):
            reason = nil
            byCPU = zip(before, now).map { $1.since($0).map(Delta.timed) }
            all = Delta.sum(byCPU)
        case (.levels, .levels(let now)):
            reason = nil
            byCPU = now.map(Delta.count)
            all = Delta.sum(byCPU)
        case (.timedTotal(let before), .timedTotal(let now)):
            reason = nil
            all = now.since(before).map(Delta.timed)
            byCPU = []
        case (.shares(let before), .shares(let now)):
            reason = nil
            byCPU = zip(before, now).map { $1.since($0).map(Delta.share) }
            all = Delta.sum(byCPU)
        case (.totalShare(let before), .totalShare(let now)):
            reason = nil
            all = now.since(before).map(Delta.share)
            byCPU = []
        case (_, .unavailable(let why)), (.unavailable(let why), _):
            reason = why
            all = nil
            byCPU = []
        default:
            reason = "the reading changed its kind"
            all = nil
            byCPU = []
        }
    }
}

/// What a series gained in an interval.
public enum Delta: Sendable, Equatable {
    case count(UInt64)
    case durations(Histogram)
    case timed(TimedCount)
    case share(Share)

    /// Events.
    public var count: UInt64 {
        switch self {
        case .count(let count): count
        case .durations(let histogram): histogram.count
        case .timed(let timed): timed.count
        case .share(let share): share.part
        }
    }

    /// Nanoseconds, all events added up; nil where they have no time.
    public var nanoseconds: UInt64? {
        switch self {
        case .count, .share: nil
        case .durations(let histogram): histogram.sum
        case .timed(let timed): timed.nanoseconds
        }
    }

    /// The durations, where the metric has any.
    public var histogram: Histogram? {
        if case .durations(let histogram) = self { histogram } else { nil }
    }

    /// The part of a whole, where the metric is one.
    public var share: Share? {
        if case .share(let share) = self { share } else { nil }
    }

    /// Several sites together; nil as soon as one of them is unknown. Their shares are of the same samples.
    public static func joined(_ sites: [Delta?]) -> Delta? {
        guard case .share(let sum)? = sum(sites) else { return Delta.sum(sites) }
        let whole = sites.compactMap { $0?.share?.whole }.max() ?? 0
        return .share(Share(part: min(sum.part, whole), whole: whole, repeats: sum.repeats))
    }
}
