import Contention

/// Several recorded runs side by side: for each its rates and how long the slowest hundredth lasted. No statistics: that
/// is what comparing is for.
public struct RunsReport: Sendable {
    private let runs: [ReportedRun]

    public init(_ runs: [ReportedRun]) { self.runs = runs }

    /// - Parameter width: characters; medians and losses go where it is short.
    public func text(width: Int) -> String {
        let letters = runs.indices.map(RunsReport.letter)
        let legend = zip(letters, runs).flatMap { letter, run in
            "\(letter): \(run.path)  \(run.host.hostname)  \(run.host.kernelRelease)  \(run.cpus)  \(run.length)"
                .fitted(to: width)
        }
        let summaries = runs.map(\.summary)
        let rows = SideRow.rows(summaries)
        let table = Table(SideRow.columns(letters), rows, fitting: width)
        let removals = zip(letters, runs).flatMap { letter, run in
            run.removalLines(of: run.removals).flatMap { "\(letter): \($0)".wrapped(to: width) }
        }
        let remarks = removals.isEmpty ? [] : [""] + removals
        return legend.text + "\n" + ([table.header] + table.lines + remarks).text
    }

    /// A, B, ... Z, AA, AB
    static func letter(_ index: Int) -> String {
        let last = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
        return index < 26 ? last : letter(index / 26 - 1) + last
    }
}

/// A series in each run.
private struct SideRow {
    let key: SeriesKey
    let beginsMetric: Bool
    /// nil for a run without the series.
    let cells: [(interval: Interval, series: SeriesInterval)?]

    /// In the order of the first run that has the series; those where nothing happened in any run are left out.
    static func rows(_ summaries: [Interval]) -> [SideRow] {
        var keys: [SeriesKey] = []
        var known: Set<SeriesKey> = []
        for summary in summaries {
            for series in summary.series where series.key.metric.subject != .mountscope {
                if known.insert(series.key).inserted { keys.append(series.key) }
            }
        }
        let ranks = keys.enumerated().map { ($1.metric.rawValue, $0, $1) }
        let found = summaries.map { summary in
            Dictionary(summary.series.map { ($0.key, $0) }) { first, _ in first }
        }
        var rows: [SideRow] = []
        for (_, _, key) in ranks.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            let cells = zip(summaries, found).map { summary, series in
                series[key].map { (interval: summary, series: $0) }
            }
            guard cells.contains(where: { ($0?.series.all?.count ?? 0) > 0 }) else { continue }
            let begins = rows.last?.key.metric != key.metric
            rows.append(SideRow(key: key, beginsMetric: begins, cells: cells))
        }
        return rows
    }

    static func columns(_ letters: [String]) -> [Column<SideRow>] {
        let names: [Column<SideRow>] = [
            Column("METRIC", .left, width: 14) { $0.beginsMetric ? $0.key.metric.qualifiedName : "" },
            Column("SITE", .left, width: 10) { $0.key.site },
        ]
        return names
            + letters.enumerated().flatMap { index, letter -> [Column<SideRow>] in
                [
                    Column("\(letter) RATE/s", .right, width: 8) { $0.rate(index) },
                    Column("\(letter) P50", .right, width: 7, dropOrder: 2) { $0.percentile(index, 0.5) },
                    Column("\(letter) P99", .right, width: 7, dropOrder: 1) { $0.percentile(index, 0.99) },
                ]
            }
    }

    /// Events a second; of a share the share itself.
    private func rate(_ index: Int) -> String {
        guard let cell = cells[index], let delta = cell.series.all else { return "-" }
        guard let share = delta.share else { return Units.rate(cell.interval.rate(delta.count, of: cell.series)) }
        return share.value.map(Units.percent) ?? "-"
    }

    private func percentile(_ index: Int, _ fraction: Double) -> String {
        guard key.metric.kind.view == .percentiles else { return "" }
        guard let histogram = cells[index]?.series.all?.histogram else { return "-" }
        return histogram.percentile(fraction).map(Units.duration) ?? ""
    }
}
