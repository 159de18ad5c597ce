/// What a series is called in a recording. Unlike `SeriesKey` it can also name what this version does not know.
public struct SeriesName: Hashable, Sendable, CustomStringConvertible {
    /// `mount_lock`
    public let lock: String
    /// `write_sections`
    public let metric: String
    /// The kernel place or class; empty where the metric has none.
    public let site: String

    public init(lock: String, metric: String, site: String = "") {
        self.lock = lock
        self.metric = metric
        self.site = site
    }

    /// The name of a series of this version.
    public init(_ key: SeriesKey) {
        self.init(lock: key.metric.subject.rawValue, metric: key.metric.name, site: key.site)
    }

    /// `mount_lock.read_retries[walk]`
    public var description: String { site.isEmpty ? "\(lock).\(metric)" : "\(lock).\(metric)[\(site)]" }

    /// The series, where this version knows the metric.
    public var key: SeriesKey? {
        Metric(lock: lock, name: metric).map { SeriesKey($0, site: site) }
    }
}

/// One row of intervals.csv: a series over an interval, on the machine or on one CPU. nil is "not known".
public struct IntervalRecord: Sendable, Equatable {
    /// The number of the series, in the order of their first rows.
    public var series = 0
    /// Counts from 1.
    public var sequence = 0
    /// CLOCK_MONOTONIC at the interval's end, nanoseconds.
    public var monotonic: UInt64 = 0
    /// CLOCK_REALTIME at the interval's end, nanoseconds since 1970 UTC.
    public var realtime: Int64 = 0
    /// The interval's measured length, nanoseconds.
    public var elapsed: UInt64 = 0
    /// nil for the machine.
    public var cpu: Int?
    /// Events; of a share the part.
    public var count: UInt64?
    /// Nanoseconds, all events added up.
    public var nanoseconds: UInt64?
    public var maximum: UInt64?
    public var p50: UInt64?
    public var p90: UInt64?
    public var p99: UInt64?
    public var mode = Mode.exact
    /// Of the machine's rows.
    public var lost: UInt64?
    /// Of a share the whole.
    public var whole: UInt64?
    public var repeats: UInt64?

    public init() {}

    /// What the series gained, without how durations are spread; nil where unknown.
    var delta: Delta? {
        guard let count else { return nil }
        if let share { return .share(share) }
        return nanoseconds.map { .timed(TimedCount(count: count, nanoseconds: $0)) } ?? .count(count)
    }

    /// The share, where the row is one.
    public var share: Share? {
        guard let count, let whole else { return nil }
        return Share(part: count, whole: whole, repeats: repeats)
    }
}
