/// How a metric's values are kept.
public enum MetricKind: Sendable {
    /// Events counted on the CPU that saw them.
    case counter
    /// Events counted for the whole machine; no CPU is known.
    case machineCounter
    /// Durations in nanoseconds, a log-linear histogram on each CPU.
    case durations
    /// Events and the nanoseconds they took together, on the CPU that saw them.
    case timedCounter
    /// Events and the nanoseconds they took together, for the whole machine; no CPU is known.
    case machineTimedCounter
    /// A part of a whole: samples that found something, of all samples, on the CPU that took them.
    case share
    /// A part of a whole for the whole machine; no CPU is known.
    case machineShare
    /// The state of each CPU at the end of an interval; never a difference.
    case level

    /// How views show it.
    public var view: MetricView {
        switch self {
        case .counter, .machineCounter: .rate
        case .durations: .percentiles
        case .timedCounter, .machineTimedCounter: .timeOverTime
        case .share, .machineShare: .share
        case .level: .level
        }
    }

    /// What its counts are of, where nothing else is said.
    var unit: CountUnit {
        switch view {
        case .level: .level
        case .share: .samples
        default: .events
        }
    }
}

/// How views show a metric.
public enum MetricView: Sendable {
    /// Events a second.
    case rate
    /// Events a second, and percentiles of their durations.
    case percentiles
    /// Events a second, and their time over the time that passed.
    case timeOverTime
    /// A part of a whole.
    case share
    /// What holds now.
    case level

    /// Whether what happens on a CPU is best shown as time.
    public var isTime: Bool { self == .percentiles || self == .timeOverTime }
}

/// What the counts of a metric are of: events, samples, or a state at the end of an interval.
public enum CountUnit: String, Sendable {
    case events, samples, level
}
