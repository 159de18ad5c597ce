import Contention

/// How far the numbers can be trusted: cost, losses and gaps, every series with its mode, and how it was had.
struct DataSection {
    private let summed: SummedRun

    init(_ summed: SummedRun) { self.summed = summed }

    private var run: ReportedRun { summed.run }

    var html: String {
        let changes = DataSection.changes(run)
        let changed =
            changes.isEmpty
            ? ""
            : PageTable(
                caption: "What began or ceased to be measured, the first \(RunHistory.mostChanges)",
                columns: [
                    PageColumn("WHEN", text: { $0.time }), PageColumn("MODE", text: { $0.mode }),
                    PageColumn("SERIES", "wrap", text: { $0.series }),
                ], rows: changes
            ).html
        let conditions = Markup.list([
            ("boot flags", run.host.bootFlags), ("mounts at the start", run.mounts),
            ("recorded by", "mountscope \(run.toolVersion)"),
        ])
        return summed.remarks.map(Markup.paragraph).joined(separator: "\n") + conditions + changed + series
            + attachTable
    }

    struct Change {
        let time: String
        let mode: String
        let series: String
    }

    /// In the order of time.
    static func changes(_ run: ReportedRun) -> [Change] {
        let names = SeriesNames(run.totals.series.compactMap(\.name.key))
        return run.totals.history.changes.map { change in
            Change(
                time: Timestamp.rfc3339(change.endRealtime, digits: 0), mode: change.mode.rawValue,
                series: names.join(change.keys))
        }
    }

    private struct Line {
        let row: SeriesRow
        let spark: String
    }

    private var series: String {
        let summary = summed.summary
        let rows = VisibleSeries(summary, total: summary).rows.map { $0.series }
        let lines = rows.map { series in
            Line(
                row: SeriesRow(
                    series: series, total: series, interval: summary, timeline: "", beginsLock: true, beginsMetric: true
                ),
                spark: run.totals[series.key].map { SparkPlot.svg($0.timeline, steps: run.totals.steps.count) } ?? "")
        }
        guard !lines.isEmpty else { return "" }
        let columns = SeriesRow.columns.map { column in
            PageColumn<Line>(column.title, column.alignment == .right ? "right" : "", text: { column.cell($0.row) })
        }
        return PageTable(
            caption: "Every series: sums, rates, modes and losses; over time the mean, thin the greatest interval",
            columns: columns + [PageColumn("OVER TIME", markup: { $0.spark })], rows: lines
        ).html
    }

    private var attachTable: String {
        guard !run.attachTable.isEmpty else { return "" }
        let columns: [PageColumn<AttachRow>] = [
            PageColumn("SERIES", text: { "\($0.key)" }), PageColumn("MODE", text: { $0.mode.rawValue }),
            PageColumn("PROGRAM", text: { $0.program }), PageColumn("AT", text: { $0.function }),
            PageColumn(
                "REMARK", "wrap", text: { [$0.reason, $0.hint].filter { !$0.isEmpty }.joined(separator: "; ") }),
        ]
        return PageTable(caption: "How each series was had", columns: columns, rows: run.attachTable).html
    }
}
