import Contention

/// A recorded run as one HTML file: plots are inline SVG, nothing is loaded from anywhere, and nothing is run.
public struct RunPage: Sendable {
    private let run: ReportedRun
    private let grid: CPUGrid
    private let summary: Interval

    /// - Parameter grid: filled from the same run.
    public init(_ run: ReportedRun, grid: CPUGrid) {
        self.run = run
        self.grid = grid
        summary = run.summary
    }

    /// The file.
    public var text: String {
        let title = "mountscope: \(run.host.hostname) \(run.host.kernelRelease)"
        let sections = [conditions, sums, overTime, byCPU, histograms, remarks, attachTable]
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>\(Markup.escaped(title))</title>
            <style>
            \(Style.sheet)</style></head><body>
            \(sections.joined(separator: "\n"))
            </body></html>

            """
    }

    private var conditions: String {
        let host = run.host
        var list = [
            ("run", "\(run.path)  \(run.identifier)"),
            ("time", "\(time(run.totals.startRealtime)) to \(time(run.totals.endRealtime))"),
            ("length", run.length),
        ]
        if let command = run.command { list.append(("command", command)) }
        list += [
            ("kernel", "\(host.kernelRelease)  \(host.kernelBuild)  \(host.architecture)"),
            ("boot flags", host.bootFlags),
            ("hardware", ([host.cpuModel, run.cpus] + run.topology).filter { !$0.isEmpty }.joined(separator: ", ")),
            ("mounts at the start", run.mounts),
            ("recorded by", "mountscope \(run.toolVersion)"),
        ]
        let items = list.filter { !$0.1.isEmpty }.map {
            Markup.element("dt", $0.0) + Markup.element("dd", Markup.escaped($0.1))
        }.joined()
        let name = host.hostname.isEmpty ? "a host" : host.hostname
        return Markup.element("h1", "mount_lock and namespace_sem on \(Markup.escaped(name))")
            + Markup.element("dl", items)
    }

    private func time(_ nanoseconds: Int64) -> String { Timestamp.rfc3339(nanoseconds, digits: 3) }

    private var sums: String {
        let rows = VisibleSeries(summary, total: summary).rows.map { $0.series }
        let columns = SeriesRow.columns
        var table = PageTable(columns.map { ($0.title, $0.alignment == .right) } + [("OVER TIME", false)])
        var previous: SeriesKey?
        for series in rows {
            let row = SeriesRow(
                series: series, total: series, interval: summary, timeline: "",
                beginsLock: previous?.metric.subject != series.key.metric.subject,
                beginsMetric: previous?.metric != series.key.metric)
            let spark = run.totals[series.key].map { SparkPlot.svg($0.timeline, steps: run.totals.steps.count) } ?? ""
            table.append(columns.map { Markup.escaped($0.cell(row)) } + [spark])
            previous = series.key
        }
        return section("Sums and rates", Markup.element("div", ["class": "scroll"], table.html))
    }

    private var overTime: String {
        section("Over time", plots(shownMetrics.compactMap { TimePlot($0, run.totals)?.figure }))
    }

    private var shownMetrics: [Metric] { Metric.allCases.filter { $0.subject != .mountscope } }

    private var byCPU: String {
        section("On each CPU", plots(grid.layers.compactMap { HeatMap($0, run.totals)?.figure }))
    }

    private var histograms: String {
        section("How long", plots(run.totals.series.compactMap { HistogramPlot($0)?.figure }))
    }

    private func plots(_ figures: [String]) -> String {
        figures.isEmpty
            ? Markup.element("p", ["class": "soft"], "Nothing happened, or nothing is known.")
            : Markup.element("div", ["class": "plots"], figures.joined(separator: "\n"))
    }

    /// What stands beneath the table on a screen: coverage, what it cost, what was lost, what is not known and why.
    private var remarks: String {
        let lines = Notes(interval: summary, width: .max).lines + RunReport(run).gaps(.max)
        return section(
            "Cost, losses and gaps", lines.map { Markup.element("p", Markup.escaped($0)) }.joined(separator: "\n"))
    }

    private var attachTable: String {
        var table = PageTable(
            ["LOCK", "METRIC", "SITE", "MODE", "PROGRAM", "AT", "REMARK"].map { ($0, false) }, wrapping: 6)
        for row in run.attachTable {
            let cells = [
                row.key.metric.subject.rawValue, row.key.metric.name, row.key.site, row.mode.rawValue, row.program,
                row.function, [row.reason, row.hint].filter { !$0.isEmpty }.joined(separator: "; "),
            ]
            table.append(cells.map(Markup.escaped))
        }
        guard !run.attachTable.isEmpty else { return "" }
        return section("How each series was had", Markup.element("div", ["class": "scroll"], table.html))
    }

    private func section(_ title: String, _ content: String) -> String {
        Markup.element("section", Markup.element("h2", title) + "\n" + content)
    }
}

/// A table of a page.
struct PageTable {
    private let titles: [(text: String, isRight: Bool)]
    /// The column whose cells are long.
    private let wrapping: Int?
    private var rows: [[String]] = []

    init(_ titles: [(String, Bool)], wrapping: Int? = nil) {
        self.titles = titles.map { (text: $0.0, isRight: $0.1) }
        self.wrapping = wrapping
    }

    /// - Parameter cells: markup.
    mutating func append(_ cells: [String]) { rows.append(cells) }

    var html: String {
        let head = titles.map { title in
            let text = Markup.escaped(title.text)
            return title.isRight ? Markup.element("th", ["class": "right"], text) : Markup.element("th", text)
        }
        let body = rows.map { row in
            let cells = zip(row, titles).enumerated().map { index, cell in
                let style = index == wrapping ? "wrap" : cell.1.isRight ? "right" : ""
                return style.isEmpty ? "<td>\(cell.0)</td>" : Markup.element("td", ["class": style], cell.0)
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return
            "<table><thead><tr>\(head.joined())</tr></thead><tbody>\n\(body.joined(separator: "\n"))\n</tbody></table>"
    }
}
