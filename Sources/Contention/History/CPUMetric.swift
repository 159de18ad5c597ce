/// What a view shows by CPU.
public enum CPUMetric {
    /// Those that say something by CPU, in the order of all outputs.
    public static let all: [Metric] = Metric.allCases.filter(\.row.isMapped)

    /// The values of an interval, all sites together: events a second, nanoseconds a second, or a share of the CPU's samples.
    /// - Returns: nil for a CPU of which nothing is known; nothing where no CPU is.
    public static func values(_ metric: Metric, in interval: Interval) -> [Double?] {
        let series = interval.series.filter { $0.key.metric == metric }
        let count = series.map(\.byCPU.count).max() ?? 0
        return (0..<count).map { cpu in
            let known = series.compactMap { one in
                cpu < one.byCPU.count ? one.byCPU[cpu].map { (delta: $0, series: one) } : nil
            }
            guard !known.isEmpty else { return nil }
            if metric.kind.view == .share { return Delta.joined(known.map(\.delta))?.share?.value }
            return known.reduce(0.0) { sum, one in
                let value = metric.kind.view.isTime ? one.delta.nanoseconds ?? 0 : one.delta.count
                return sum + interval.rate(value, of: one.series)
            }
        }
    }
}
