import Contention

/// What a metric by CPU is in words.
struct CPUWords {
    let metric: Metric

    /// `mount_lock.read_retries, events a second`
    var title: String { "\(metric.qualifiedName), \(unit)" }

    var unit: String {
        switch metric.kind.view {
        case .share: "share of the CPU's samples"
        case .percentiles, .timeOverTime: "time a second"
        case .rate, .level: "events a second"
        }
    }

    /// A value as it stands beside others of the same unit: without what they have in common.
    func short(_ value: Double) -> String {
        switch metric.kind.view {
        case .rate, .level: Units.rate(value)
        default: self.value(value)
        }
    }

    /// A value with its unit: `2,310/s`, `12.1 ms`, `3.20 %`.
    func value(_ value: Double) -> String {
        switch metric.kind.view {
        case .share: Units.percent(min(1, value))
        case .percentiles, .timeOverTime: Units.duration(value)
        case .rate, .level: "\(Units.rate(value))/s"
        }
    }
}
