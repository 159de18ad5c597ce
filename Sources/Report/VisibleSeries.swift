import Contention

/// Which series a screen has room for: of a metric with many sites those where something happened, the rest in one row.
struct VisibleSeries {
    /// A row: a series, or several folded into one.
    struct Row {
        let series: SeriesInterval
        let total: SeriesInterval
    }

    let rows: [Row]

    /// Metrics with no more sites than this are shown whole.
    static let shownWhole = 4
    /// How many sites of other metrics are shown at most, the busiest.
    private static let busiest = 5

    /// - Parameters:
    ///   - interval: gives rates and durations.
    ///   - total: the same series since the beginning; decides what is shown.
    init(_ interval: Interval, total: Interval) {
        var rows: [Row] = []
        var group: [Row] = []
        for (series, sum) in zip(interval.series, total.series) where series.key.metric.subject != .mountscope {
            if let first = group.first, first.series.key.metric != series.key.metric {
                rows += VisibleSeries.choose(group)
                group = []
            }
            group.append(Row(series: series, total: sum))
        }
        self.rows = rows + VisibleSeries.choose(group)
    }

    private static func choose(_ group: [Row]) -> [Row] {
        // The notes say why; rows of dashes would push what is known off the screen.
        guard group.contains(where: { $0.series.mode != .unavailable }) else { return [] }
        guard group.count > shownWhole else { return group }
        let weights = group.map { weight($0.total) }
        let ranked = group.indices.filter { weights[$0] > 0 }.sorted { (weights[$1], $0) < (weights[$0], $1) }
        // One more is no longer than a row that says "1 other".
        let shown = Set(ranked.count <= busiest + 1 ? ranked : Array(ranked.prefix(busiest)))
        // Functions that cannot be watched are named in the notes.
        let namesMissing = group[0].series.key.metric.siteKind == .fixed
        let kept = group.indices.filter {
            shown.contains($0) || (namesMissing && group[$0].series.mode == .unavailable)
        }
        let folded = group.indices.filter { !kept.contains($0) && group[$0].series.mode != .unavailable }
        let active = folded.filter { weights[$0] > 0 }
        var rows = kept.map { group[$0] }
        if !active.isEmpty {
            rows.append(fold(folded.map { group[$0] }, named: Units.amount(active.count, "other")))
        } else if kept.allSatisfy({ group[$0].series.mode == .unavailable }) {
            // What is known of, and did not happen, comes before what is not known of.
            rows.insert(fold(folded.map { group[$0] }, named: ""), at: 0)
        }
        return rows
    }

    /// What makes a site worth a row: the time it took, or how often it came.
    private static func weight(_ series: SeriesInterval) -> UInt64 {
        guard let delta = series.all else { return 0 }
        return delta.count > 0 ? max(delta.nanoseconds ?? delta.count, 1) : 0
    }

    private static func fold(_ rows: [Row], named name: String) -> Row {
        Row(series: fold(rows.map(\.series), named: name), total: fold(rows.map(\.total), named: name))
    }

    private static func fold(_ series: [SeriesInterval], named name: String) -> SeriesInterval {
        let first = series[0]
        let lost = series.compactMap(\.lost)
        return SeriesInterval(
            key: SeriesKey(first.key.metric, site: name), mode: first.mode, reason: first.reason,
            all: first.mode == .unavailable ? nil : Delta.joined(series.map(\.all)), byCPU: [],
            lost: lost.count == series.count ? lost.max() : nil)
    }
}
