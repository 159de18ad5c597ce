import Contention

/// One metric over time, a line for each site.
struct TimePlot {
    /// What a line stands for, and how it went by step; nil where nothing was known.
    struct Line {
        let name: String
        let values: [Double?]
    }

    let metric: Metric
    let lines: [Line]
    let totals: RunTotals
    private let modes: [Mode]

    /// nil for a metric of which nothing happened.
    init?(_ metric: Metric, _ totals: RunTotals) {
        let all = totals.series.filter { $0.name.key?.metric == metric && ($0.count ?? 0) > 0 }
        guard !all.isEmpty else { return nil }
        let ranked = all.sorted { ($0.nanoseconds ?? $0.count ?? 0) > ($1.nanoseconds ?? $1.count ?? 0) }
        let shown = ranked.prefix(ranked.count > Style.lines ? Style.lines - 1 : Style.lines)
        var lines = shown.map { Line(name: $0.name.site, values: TimePlot.scaled($0.timeline.values, metric)) }
        let rest = ranked.dropFirst(shown.count)
        if !rest.isEmpty {
            let values = totals.steps.indices.map { step -> Double? in
                let known = rest.compactMap { series in
                    let values = series.timeline.values
                    return step < values.count ? values[step] : nil
                }
                return known.isEmpty ? nil : known.reduce(0, +)
            }
            lines.append(Line(name: Units.amount(rest.count, "other"), values: TimePlot.scaled(values, metric)))
        }
        modes = Mode.allCases.filter { mode in all.contains { $0.mode == mode } }
        self.metric = metric
        self.lines = lines
        self.totals = totals
    }

    private static func isShare(_ metric: Metric) -> Bool { metric.kind.view == .share }

    /// Events a second; of a share the share itself.
    private static func scaled(_ values: [Double?], _ metric: Metric) -> [Double?] {
        isShare(metric) ? values : values.map { value in value.map { $0 * 1e9 } }
    }

    /// The plot with its title and its key.
    var figure: String {
        let isShare = TimePlot.isShare(metric)
        let frame = PlotFrame(height: 150)
        let axis = Axis(upTo: lines.flatMap(\.values).compactMap { $0 }.max() ?? 0)
        var content = frame.rules(axis) { isShare ? Units.percent($0) : Units.rate($0) } + frame.time(totals.elapsed)
        for (index, line) in lines.enumerated() {
            let name = line.name.isEmpty ? metric.name : line.name
            content += Markup.element(
                "path", ["class": "line l\(index)", "d": path(line.values, frame, axis)],
                Markup.element("title", Markup.escaped(name)))
        }
        let unit = ([isShare ? "share" : "a second"] + modes.map(\.rawValue)).joined(separator: ", ")
        let title = Markup.element("h3", Markup.escaped(metric.qualifiedName) + " <span class=\"soft\">\(unit)</span>")
        let label = "\(metric.qualifiedName) over time"
        return Markup.element("figure", title + frame.svg(label: label, content) + Markup.element("figcaption", key))
    }

    private var key: String {
        guard lines.count > 1 || lines[0].name != "" else { return "" }
        return lines.enumerated().map { index, line in
            "<span class=\"site\"><span class=\"key l\(index)\"></span>\(Markup.escaped(line.name))</span>"
        }.joined(separator: " ")
    }

    /// Each step at its middle; a step that is alone is a short stroke.
    private func path(_ values: [Double?], _ frame: PlotFrame, _ axis: Axis) -> String {
        let whole = max(1, Double(totals.elapsed))
        var path = ""
        var isDrawing = false
        var passed = 0.0
        for (step, length) in totals.steps.enumerated() {
            let value = step < values.count ? values[step] : nil
            let x = frame.left + (passed + Double(length) / 2) / whole * frame.innerWidth
            passed += Double(length)
            guard let value else {
                isDrawing = false
                continue
            }
            let y = Markup.coordinate(frame.floor - value / axis.end * frame.innerHeight)
            path += "\(isDrawing ? "L" : "M")\(Markup.coordinate(x)) \(y)"
            if !isDrawing { path += "h0.5" }
            isDrawing = true
        }
        return path
    }
}

/// A series over time, small, for a table's cell.
enum SparkPlot {
    /// - Parameter steps: of the run; a series that ceased to be measured has fewer.
    static func svg(_ timeline: Timeline, steps: Int) -> String {
        let values = timeline.values
        let greatest = max(values.compactMap { $0 }.max() ?? 0, .leastNormalMagnitude)
        var path = ""
        var isDrawing = false
        for (step, value) in values.enumerated() {
            guard let value else {
                isDrawing = false
                continue
            }
            let x = Double(step) / Double(max(1, steps - 1)) * 138 + 1
            path += "\(isDrawing ? "L" : "M")\(Markup.coordinate(x)) \(Markup.coordinate(19 - value / greatest * 17))"
            if !isDrawing { path += "h0.5" }
            isDrawing = true
        }
        let line = Markup.element("path", ["class": "line l0", "d": path], "")
        return Markup.element("svg", ["class": "spark", "viewBox": "0 0 140 20", "aria-hidden": "true"], line)
    }
}
