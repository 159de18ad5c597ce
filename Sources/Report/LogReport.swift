import Contention

/// The live view for a pipe or a file: one line for each series and interval, which grep and awk can take apart.
///
/// Every line stands alone, and a column means the same in all of them: time (UTC), events, events a second, nanoseconds of
/// all events together, their percentiles and the longest, a share and its 95 % interval (0 to 1), online CPUs, mode, lost
/// events, series. `-` is "not known" or "has none". Lines that start with `#` are not data.
public struct LogReport: Sendable {
    public init() {}

    /// What is said once, before the first interval: what is not measured, which lines are left out, and the titles.
    public func preamble(_ first: Interval) -> String {
        let reasons = Notes.reasons(first.series, width: .max).map { "# \($0)" }
        let sparse = metricsOfManySites(first).map { ["# a line only where something happened: \($0)"] }
        return (reasons + (sparse ?? []) + [Table(LogRow.columns, [], fitting: .max).header]).text
    }

    private func metricsOfManySites(_ interval: Interval) -> String? {
        let sites = siteCounts(interval)
        let metrics = Metric.allCases.filter { sites[$0, default: 0] > VisibleSeries.shownWhole }
        return metrics.isEmpty ? nil : metrics.map(\.qualifiedName).joined(separator: ", ")
    }

    private func siteCounts(_ interval: Interval) -> [Metric: Int] {
        Dictionary(grouping: interval.series, by: \.key.metric).mapValues(\.count)
    }

    /// Text as lines that are no data.
    public func remarks(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.isEmpty ? "#" : "# \($0)" }.text
    }

    /// What began or ceased to be measured in the middle of a run.
    public func changes(_ interval: Interval) -> String {
        interval.changes.map { "# \($0.text(in: interval))" }.text
    }

    /// The lines of one interval. Series that are unavailable have none, nor have those of a metric with many sites where
    /// nothing happened.
    public func lines(_ interval: Interval) -> String {
        let time = Timestamp.rfc3339(interval.endRealtime, digits: 3)
        let sites = siteCounts(interval)
        let rows = interval.series.filter { series in
            series.mode != .unavailable
                && (sites[series.key.metric, default: 0] <= VisibleSeries.shownWhole
                    || series.all.map { $0.count > 0 } ?? true)
        }
        return Table(LogRow.columns, rows.map { LogRow(time: time, interval: interval, series: $0) }, fitting: .max)
            .lines.text
    }
}

private struct LogRow {
    let time: String
    let interval: Interval
    let series: SeriesInterval

    static var columns: [Column<LogRow>] {
        [
            Column("#TIME_UTC", .left, width: 24) { $0.time },
            Column("EVENTS", .right, width: 9) { number($0.events) },
            Column("EVENTS/s", .right, width: 10) { row in
                row.events.map { Units.plain(row.interval.rate($0)) } ?? "-"
            },
            Column("SUM_NS", .right, width: 10) { number($0.series.all?.nanoseconds) },
            Column("P50_NS", .right, width: 9) { number($0.durations?.percentile(0.5)) },
            Column("P90_NS", .right, width: 9) { number($0.durations?.percentile(0.9)) },
            Column("P99_NS", .right, width: 9) { number($0.durations?.percentile(0.99)) },
            Column("MAX_NS", .right, width: 9) { number($0.durations?.maximum) },
            Column("SHARE_OF_1", .right, width: 10) { $0.share { $0.value } },
            Column("LO_OF_1", .right, width: 7) { $0.share { $0.interval95?.lowerBound } },
            Column("HI_OF_1", .right, width: 7) { $0.share { $0.interval95?.upperBound } },
            Column("CPUS", .right, width: 4) { number($0.cpus) },
            Column("MODE", .left, width: 9) { $0.series.mode.rawValue },
            Column("LOST_EVENTS", .right, width: 11) { number($0.series.lost) },
            Column("SERIES", .left, width: 0) { $0.series.key.description },
        ]
    }

    /// nil for shares, levels and mountscope's own cost, which are no events.
    private var events: UInt64? {
        let metric = series.key.metric
        guard metric.countUnit == .events, series.all?.share == nil, metric != .ownCost else { return nil }
        return series.all?.count
    }

    private var cpus: UInt64? { series.key.metric.countUnit == .level ? series.all?.count : nil }

    private var durations: Histogram? { series.all?.histogram.flatMap { $0.count > 0 ? $0 : nil } }

    private func share(_ pick: (Share) -> Double?) -> String {
        series.all?.share.flatMap(pick).map(Units.fraction) ?? "-"
    }

    private static func number(_ value: UInt64?) -> String { value.map { String($0) } ?? "-" }
}
