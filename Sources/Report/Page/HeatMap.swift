import Contention

/// A metric on each CPU over time: a row for each CPU, darker where more happened.
struct HeatMap {
    private let layer: CPUGrid.Layer
    private let totals: RunTotals
    /// The CPUs of each row: one, on machines with very many several.
    private let rows: [ClosedRange<Int>]
    /// By row and step; nil where nothing is known.
    private let values: [[Double?]]
    private let greatest: Double

    private static let mostRows = 256

    /// nil where nothing happened on any CPU.
    init?(_ layer: CPUGrid.Layer, _ totals: RunTotals) {
        let cpus = layer.sums.indices.filter { !layer.sums[$0].isEmpty }
        guard let first = cpus.first, let last = cpus.last else { return nil }
        let folded = (last - first) / HeatMap.mostRows + 1
        let rows = stride(from: first, through: last, by: folded).map { $0...min(last, $0 + folded - 1) }
        let values = rows.map { row in
            totals.steps.indices.map { step -> Double? in
                let known = row.compactMap { layer.value(cpu: $0, step: step) }
                return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
            }
        }
        greatest = values.joined().compactMap { $0 }.max() ?? 0
        guard greatest > 0, greatest.isFinite else { return nil }
        self.layer = layer
        self.totals = totals
        self.rows = rows
        self.values = values
    }

    private var unit: String {
        if CPUGrid.isEvents(layer.metric) { return "events a second on each CPU" }
        return CPUGrid.isTime(layer.metric) ? "time over time on each CPU" : "share of each CPU's samples"
    }

    private func words(_ value: Double) -> String {
        CPUGrid.isEvents(layer.metric) ? "\(Units.rate(value))/s" : Units.percent(value)
    }

    /// The map with its title and its scale.
    var figure: String {
        let pitch = max(2, min(14, 360 / Double(rows.count)))
        let frame = PlotFrame(height: pitch * Double(rows.count) + 30)
        let content = labels(frame, pitch) + cells(frame, pitch) + frame.time(totals.elapsed)
        let name = layer.metric.qualifiedName
        let title = Markup.element("h3", Markup.escaped(name) + " <span class=\"soft\">\(unit)</span>")
        let plot = frame.svg(label: "\(name) by CPU over time", content)
        return Markup.element("figure", title + plot + Markup.element("figcaption", scale))
    }

    private var scale: String {
        let steps = (0..<Style.heatSteps).map { "<span class=\"key h\($0)\" style=\"margin:0\"></span>" }.joined()
        return "0 \(steps) \(Markup.escaped(words(greatest))); nothing known where it is blank"
    }

    private func labels(_ frame: PlotFrame, _ pitch: Double) -> String {
        let every = max(1, Int((14 / pitch).rounded(.up)))
        return rows.indices.filter { $0 % every == 0 }.map { row in
            let y = frame.top + pitch * (Double(row) + 0.5) + 4
            return frame.text("cpu\(rows[row].lowerBound)", x: frame.left - 6, y: y, "end")
        }.joined()
    }

    /// One path for each colour, made of strokes: thousands of rectangles would be a large and slow page.
    private func cells(_ frame: PlotFrame, _ pitch: Double) -> String {
        var paths = Array(repeating: "", count: Style.heatSteps)
        let edges = edges(frame)
        for (row, values) in values.enumerated() {
            let y = Markup.coordinate(frame.top + pitch * (Double(row) + 0.5))
            var step = 0
            while step < values.count {
                guard let colour = values[step].map(colour) else {
                    step += 1
                    continue
                }
                var end = step + 1
                while end < values.count, values[end].map(self.colour) == colour { end += 1 }
                paths[colour] += "M\(Markup.coordinate(edges[step])) \(y)H\(Markup.coordinate(edges[end]))"
                step = end
            }
        }
        let width = Markup.coordinate(pitch > 4 ? pitch - 1 : pitch)
        return paths.enumerated().filter { !$0.element.isEmpty }.map { colour, path in
            Markup.element("path", ["class": "h\(colour)", "stroke-width": width, "d": path], "")
        }.joined()
    }

    /// Where each step begins, and where the last ends.
    private func edges(_ frame: PlotFrame) -> [Double] {
        var passed = 0.0
        var edges = [frame.left]
        for step in totals.steps {
            passed += Double(step)
            edges.append(frame.left + passed / max(1, Double(totals.elapsed)) * frame.innerWidth)
        }
        return edges
    }

    /// The lightest for nothing at all only.
    private func colour(_ value: Double) -> Int {
        guard value > 0, value.isFinite else { return 0 }
        return min(Style.heatSteps - 1, 1 + Int(value / greatest * Double(Style.heatSteps - 1)))
    }
}
