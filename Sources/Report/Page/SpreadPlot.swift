import Contention
import Scales

/// How the durations of a row are spread: a bar for each doubling, with the percentiles.
struct SpreadPlot {
    private let row: CostRow
    private let histogram: Histogram
    /// log2 of nanoseconds, and how many took from that to twice as long.
    private let bars: [(exponent: Int, count: UInt64)]
    /// Where the bars begin and end.
    private let scale: DoublingScale

    private static let mostTicks = 5

    /// nil where nothing was timed.
    init?(_ row: CostRow, _ histogram: Histogram?) {
        guard let histogram, histogram.count > 0 else { return nil }
        var counts = Array(repeating: UInt64(0), count: HistogramLayout.maximumExponent + 1)
        for (bucket, count) in histogram.buckets.enumerated() where count > 0 {
            let edge = max(1, HistogramLayout.lowerEdge(of: bucket))
            counts[63 - edge.leadingZeroBitCount] &+= count
        }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return nil
        }
        self.row = row
        self.histogram = histogram
        bars = (first...last).map { ($0, counts[$0]) }
        scale = DoublingScale(first...last + 1)
    }

    private var percentiles: [(name: String, value: UInt64)] {
        let known = [("P50", 0.5), ("P90", 0.9), ("P99", 0.99)].compactMap { name, fraction in
            histogram.percentile(fraction).map { (name: name, value: $0) }
        }
        return known + [(name: "MAX", value: histogram.maximum)]
    }

    /// The plot with its title and its percentiles.
    var figure: String {
        let axis = RoundAxis(upTo: Double(bars.map(\.count).max() ?? 0), count: 3)
        let values = percentiles.map { "\($0.name) \(Units.duration($0.value))" }.joined(separator: ", ")
        let caption = "\(Units.count(histogram.count)) in all; \(values)"
        var box = PlotBox(
            title: "\(row.lock.rawValue): \(row.rawValue)", unit: "events by duration; log",
            label: "\(row.lock.rawValue), \(row.rawValue): \(caption)")
        box.yTicks = axis.ticks.map { tick in
            PlotBox.Tick(position: axis.position(tick), text: Units.count(UInt64(min(tick, 1e19))))
        }
        box.xTicks = scale.decades(atMost: SpreadPlot.mostTicks).map { decade in
            PlotBox.Tick(position: scale.position(decade), text: Units.round(UInt64(decade)))
        }
        box.marks = percentiles.map { PlotBox.Tick(position: scale.position(Double($0.value)), text: $0.name) }
        let lines = box.marks.map { "M\(Markup.coordinate($0.position * PlotBox.size)) 0V1000" }.joined()
        let columns = bars.filter { $0.count > 0 }.map { bar in
            let width = PlotBox.size / Double(bars.count)
            let left = Double(bar.exponent - bars[0].exponent) * width
            // What happened at all can be seen.
            let height = max(0.007, axis.position(Double(bar.count)))
            let (from, to) = (Markup.coordinate(left + width * 0.04), Markup.coordinate(left + width * 0.96))
            return "M\(from) 1000V\(PlotBox.y(height))H\(to)V1000z"
        }
        box.drawing =
            "<path class=\"area c\(row.place)\" d=\"\(columns.joined())\"/><path class=\"mark\" d=\"\(lines)\"/>"
        box.legend = Markup.remark(caption)
        return box.figure
    }
}
