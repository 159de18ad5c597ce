import Contention

/// A recorded run as one HTML file: plots are inline SVG, nothing is loaded from anywhere, and nothing is run.
public struct RunPage: Sendable {
    private let summed: SummedRun

    /// - Parameter run: with what happened on each CPU, where that is to be shown.
    public init(_ run: ReportedRun) { summed = SummedRun(run) }

    private var run: ReportedRun { summed.run }

    /// The file.
    public var text: String {
        let host = [run.host.hostname, run.host.kernelRelease].filter { !$0.isEmpty }.joined(separator: " ")
        var page = PageDocument(
            title: "mount_lock and namespace_sem" + (host.isEmpty ? "" : " on \(host)"),
            head: RunHead(summed).html)
        page.append("Costs", CostSection(summed.sheet).html)
        page.append("Findings", findings)
        page.append("Over time", overTime)
        page.append("Who", WhoSection(run, summed.sheet).html)
        page.append("Scans and mount tables", ScanSection(run).html)
        page.append("CPUs", cpus)
        page.append("Distributions", distributions)
        page.append("Data", DataSection(summed).html)
        return page.text
    }

    private var findings: String {
        let findings = run.findings
        guard findings.isEmpty else {
            return FindingList(findings).html
        }
        if let reason = run.records.unavailable[.tasks] {
            return Markup.remark("Findings need records of processes, and there are none: \(reason).")
        }
        return Markup.remark("Nothing passes the thresholds of a finding.")
    }

    private var overTime: String {
        let figures = HistoryPlots(run.totals, limits: HistoryLimits([run.totals])).figures
        guard !figures.isEmpty else { return Markup.remark("Nothing happened, or nothing is known.") }
        let changes = DataSection.changes(run)
        let marks = changes.isEmpty ? "" : Markup.remark("Dashed lines: other modes from there on, see Data.")
        return Markup.remark("In the plots " + TimeAxis(run.totals).words + ".") + Markup.plots(figures) + marks
    }

    private var cpus: String {
        let maps = HeatPanels.maps(run.totals.cpuHistory?.layers ?? [], run.totals)
        guard !maps.isEmpty else { return Markup.remark("Nothing happened on any CPU, or no CPU is known.") }
        return Markup.remark("By the greatest interval of each step, so that a short storm is seen in a long run.")
            + HeatPanels.html(maps)
    }

    private var distributions: String {
        let costs = Costs(summed.summary, cpus: run.host.cpus)
        let plots = CostRow.allCases.compactMap { SpreadPlot($0, costs.durations($0))?.figure }
        guard !plots.isEmpty else { return Markup.remark("Nothing was timed.") }
        let timed = run.totals.series.filter { ($0.histogram?.count ?? 0) > 0 }
        return Markup.plots(plots)
            + PageTable(caption: "Durations by series", columns: RunPage.durationColumns, rows: timed).html
    }

    private static var durationColumns: [PageColumn<SeriesTotal>] {
        var columns: [PageColumn<SeriesTotal>] = [
            PageColumn("SERIES", text: { "\($0.name)" }),
            PageColumn("EVENTS", "right", text: { RecordCells.count($0.count) }),
        ]
        for (name, fraction) in [("P50", 0.5), ("P90", 0.9), ("P99", 0.99)] {
            columns.append(PageColumn(name, "right", text: { RecordCells.duration($0.percentile(fraction)) }))
        }
        columns.append(PageColumn("MAX", "right", text: { RecordCells.duration($0.maximum) }))
        return columns
    }
}
