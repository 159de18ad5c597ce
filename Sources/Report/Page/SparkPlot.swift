import Contention
import Scales

/// A series over time, small, for a table's cell: the mean of each step, and thin its greatest interval.
enum SparkPlot {
    /// - Parameter steps: of the run; a series that ceased to be measured has fewer.
    static func svg(_ timeline: Timeline, steps: Int) -> String {
        let scale = RoundAxis(upTo: timeline.maxima.compactMap { $0 }.max() ?? 0, roundUp: false)
        func path(_ values: [Double?]) -> String {
            var path = ""
            var isDrawing = false
            for (step, value) in values.enumerated() {
                guard let value else {
                    isDrawing = false
                    continue
                }
                let y = Markup.coordinate(19 - scale.position(value) * 17)
                let x = Markup.coordinate(Double(step) / Double(max(1, steps)) * 140)
                path += isDrawing ? "V\(y)" : "M\(x) \(y)"
                path += "H\(Markup.coordinate(Double(step + 1) / Double(max(1, steps)) * 140))"
                isDrawing = true
            }
            return path
        }
        let lines =
            "<path class=\"thin\" d=\"\(path(timeline.maxima))\"/><path class=\"line\" d=\"\(path(timeline.values))\"/>"
        return Markup.element("svg", ["class": "spark", "viewBox": "0 0 140 20", "aria-hidden": "true"], lines)
    }
}
