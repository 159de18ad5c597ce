import Contention

/// The series of an interval as a table; the tool's own account is no part of it.
struct SeriesTable {
    let lines: [String]
    /// The index of the line with the titles.
    static let headerLine = 0

    /// - Parameters:
    ///   - interval: gives rates and durations.
    ///   - total: gives the totals.
    ///   - width: characters; less important columns go where it is short.
    ///   - timelines: how each series went over time, as text; empty for no such column.
    init(_ interval: Interval, total: Interval, width: Int, timelines: [SeriesKey: String] = [:]) {
        var rows: [SeriesRow] = []
        for visible in VisibleSeries(interval, total: total).rows {
            let series = visible.series
            let previous = rows.last?.series.key.metric
            rows.append(
                SeriesRow(
                    series: series, total: visible.total, interval: interval,
                    timeline: timelines[series.key] ?? "",
                    beginsLock: previous?.subject != series.key.metric.subject,
                    beginsMetric: previous != series.key.metric))
        }
        let columns = SeriesRow.columns + (timelines.isEmpty ? [] : [SeriesRow.timelineColumn])
        let table = Table(columns, rows, fitting: width)
        // Without its own column a lock is a heading.
        let hasLockColumn = table.shown.first == SeriesRow.lockTitle
        var lines = [table.header]
        for (row, line) in zip(rows, table.lines) {
            if row.beginsLock, !hasLockColumn { lines.append("\(row.series.key.metric.subject.rawValue):") }
            lines.append(line)
        }
        self.lines = lines
    }
}

/// One line of the table.
struct SeriesRow {
    let series: SeriesInterval
    let total: SeriesInterval
    let interval: Interval
    let timeline: String
    let beginsLock: Bool
    let beginsMetric: Bool

    static let lockTitle = "LOCK"
    static var timelineColumn: Column<SeriesRow> {
        Column("OVER TIME", .left, width: Sparkline.width, dropOrder: 7) { $0.timeline }
    }

    static var columns: [Column<SeriesRow>] {
        [
            Column(lockTitle, .left, width: 13, dropOrder: 9) { row in
                row.beginsLock ? row.series.key.metric.subject.rawValue : ""
            },
            Column("METRIC", .left, width: 14) { $0.beginsMetric ? $0.series.key.metric.name : "" },
            Column("SITE", .left, width: 10) { $0.series.key.site },
            Column("TOTAL", .right, width: 9, dropOrder: 4) { $0.total.all.map { Units.count($0.count) } ?? "-" },
            Column("RATE/s", .right, width: 7) { $0.rate },
            Column("P50", .right, width: 7, dropOrder: 6) { $0.duration { $0.percentile(0.5) } },
            Column("P90", .right, width: 7, dropOrder: 7) { $0.duration { $0.percentile(0.9) } },
            Column("P99", .right, width: 7, dropOrder: 2) { $0.duration { $0.percentile(0.99) } },
            Column("MAX", .right, width: 7, dropOrder: 5) { $0.duration { $0.count > 0 ? $0.maximum : nil } },
            Column("MODE", .left, width: 11, dropOrder: 3) { $0.mode },
            Column("LOST", .right, width: 4, dropOrder: 8) { $0.series.lost.map(Units.count) ?? "-" },
        ]
    }

    /// Events a second; of a share the share itself.
    private var rate: String {
        guard let delta = series.all else { return "-" }
        guard let share = delta.share else { return Units.rate(interval.rate(delta.count, of: series)) }
        return share.value.map(Units.percent) ?? "-"
    }

    /// With the interval that a sampled share lies in.
    private var mode: String {
        guard series.mode == .sampled, let range = series.all?.share?.interval95 else { return series.mode.rawValue }
        return "sampled, \(Units.percent(range.lowerBound)) to \(Units.percent(range.upperBound))"
    }

    /// A cell of a metric that has durations: blank for one that has none, and where nothing was timed.
    private func duration(_ pick: (Histogram) -> UInt64?) -> String {
        guard series.key.metric.kind.view == .percentiles else { return "" }
        guard let histogram = series.all?.histogram else { return "-" }
        return pick(histogram).map(Units.duration) ?? ""
    }
}
