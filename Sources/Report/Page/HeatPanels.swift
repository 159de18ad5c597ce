import Contention
import Scales

/// A metric on each CPU over time: a row for each CPU, the stronger the more happened, in panels of a few dozen CPUs that stand
/// beside each other where there is room.
struct HeatPanels {
    private let layer: CPULayer
    private let axis: TimeAxis
    /// Steps that are drawn as one: pages of very many CPUs would be large.
    private let bins: [Range<Int>]
    private let cpus: [Int]
    private let scale: HeatScale
    /// By CPU and bin the greatest interval, nil where nothing is known.
    private let values: [[Double?]]

    /// CPUs of a panel.
    private static let panel = 64
    /// Cells of all maps together, each some nine bytes of the page.
    private static let mostCells = 160_000
    private static let leastBins = 16

    /// The maps of those metrics of which anything happened on a CPU.
    static func maps(_ layers: [CPULayer], _ totals: RunTotals) -> [HeatPanels] {
        let cells = layers.reduce(0) { $0 + $1.cpus.count }
        return layers.compactMap { HeatPanels($0, totals, bins: max(leastBins, mostCells / max(1, cells))) }
    }

    /// - Parameter bins: how many there are at most.
    private init?(_ layer: CPULayer, _ totals: RunTotals, bins most: Int) {
        let cpus = layer.cpus
        guard !cpus.isEmpty else { return nil }
        let bins = Bins.even(totals.steps.count, into: most)
        let values = cpus.map { cpu in
            bins.map { bin in bin.compactMap { layer.maximum(cpu, $0) }.max() }
        }
        guard let scale = HeatScale(values.joined().compactMap { $0 }) else { return nil }
        self.layer = layer
        self.cpus = cpus
        self.bins = bins
        self.values = values
        self.scale = scale
        axis = TimeAxis(totals)
    }

    private var words: CPUWords { CPUWords(metric: layer.metric) }

    /// The maps of several metrics.
    static func html(_ maps: [HeatPanels]) -> String {
        let alone = maps.filter { $0.cpus.count <= panel }.map { map in
            Markup.element("div", map.figure(0..<map.cpus.count) + map.legend)
        }
        let wide = maps.filter { $0.cpus.count > panel }.map { map in
            let panels = stride(from: 0, to: map.cpus.count, by: panel).map { start in
                map.figure(start..<min(map.cpus.count, start + panel))
            }
            return Markup.element("div", ["class": "panels"], panels.joined(separator: "\n")) + map.legend
        }
        return (alone.isEmpty ? "" : Markup.element("div", ["class": "panels"], alone.joined(separator: "\n")))
            + wide.joined(separator: "\n")
    }

    private func figure(_ rows: Range<Int>) -> String {
        let pitch = rows.count <= 16 ? 16 : rows.count <= 32 ? 10 : 7
        let (first, last) = (cpus[rows.lowerBound], cpus[rows.upperBound - 1])
        let range = first == last ? "cpu\(first)" : "cpu\(first) to cpu\(last)"
        var box = PlotBox(
            title: "\(layer.metric.qualifiedName), \(range)", unit: words.unit,
            label: "\(layer.metric.qualifiedName) on \(range) over time. \(busiest(rows))")
        // A label needs 12 pixels.
        let every = (12 + pitch - 1) / pitch
        box.isRuled = false
        box.height = pitch * rows.count
        box.xTicks = axis.ticks
        box.drawing = cells(rows)
        box.legend = Markup.remark(busiest(rows))
        box.yTicks = rows.enumerated().filter { $0.offset % every == 0 }.map { offset, row in
            PlotBox.Tick(position: 1 - (Double(offset) + 0.5) / Double(rows.count), text: "cpu\(cpus[row])")
        }
        return box.figure
    }

    /// One path for each colour, made of strokes: thousands of rectangles would be a large and slow page.
    private func cells(_ rows: Range<Int>) -> String {
        var paths = [String](repeating: "", count: HeatScale.steps + 1)
        let edges = (bins.map(\.lowerBound) + [bins.last?.upperBound ?? 0]).map {
            Int((axis.edges[$0] * 1000).rounded())
        }
        for (line, row) in rows.enumerated() {
            var bin = 0
            while bin < bins.count {
                guard let colour = values[row][bin].map(scale.step) else {
                    bin += 1
                    continue
                }
                var end = bin + 1
                while end < bins.count, values[row][end].map(scale.step) == colour { end += 1 }
                paths[colour] += "M\(edges[bin]) \(line)h\(edges[end] - edges[bin])"
                bin = end
            }
        }
        let drawn = paths.enumerated().filter { !$0.element.isEmpty }.map { colour, path in
            "<path class=\"h\(colour)\" d=\"\(path)\"/>"
        }
        // A row is one unit high, and its stroke lies in its middle.
        let height = 1000 / Double(rows.count)
        let lines = Markup.coordinate(height / 2)
        return "<g class=\"cells\" transform=\"translate(0 \(lines)) scale(1 \(height))\">\(drawn.joined())</g>"
    }

    /// `busiest: cpu17 mean 2,310/s, at most 12,345/s at 12:04:31Z; cpu3 mean ...`
    private func busiest(_ rows: Range<Int>) -> String {
        let known = rows.compactMap { row in
            layer.mean(cpus[row]).flatMap { $0 > 0 ? (row: row, mean: $0) : nil }
        }.sorted { ($1.mean, $0.row) < ($0.mean, $1.row) }
        guard !known.isEmpty else { return "nothing happened on these CPUs" }
        let named = known.prefix(3).map { row, mean in
            let top = values[row].compactMap { $0 }.max() ?? 0
            let moment = values[row].firstIndex(of: top).map { axis.moment(bins[$0].lowerBound) } ?? ""
            return "cpu\(cpus[row]) mean \(words.value(mean)), at most \(words.value(top)) at \(moment)"
        }
        return "busiest: " + named.joined(separator: "; ")
    }

    private var legend: String {
        let steps = (1...HeatScale.steps).map { step in
            "<li><span class=\"key k\(step)\"></span>\(Markup.escaped(words.value(scale.upperEdge(step))))</li>"
        }
        return "<ul class=\"legend\"><li class=\"soft\">up to</li><li><span class=\"key k0\"></span>0</li>"
            + steps.joined() + "<li class=\"soft\">blank: not known</li></ul>"
    }
}
