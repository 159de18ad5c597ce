import Contention

/// How durations are spread: a bar for each power of two, and the percentiles.
struct HistogramPlot {
    private let name: String
    private let histogram: Histogram
    /// log2 of nanoseconds, and how many took from that to twice as long.
    private let bars: [(exponent: Int, count: UInt64)]

    /// nil where nothing was timed.
    init?(_ total: SeriesTotal) {
        guard let histogram = total.histogram, histogram.count > 0 else { return nil }
        var counts = Array(repeating: UInt64(0), count: HistogramLayout.maximumExponent + 1)
        for (bucket, count) in histogram.buckets.enumerated() where count > 0 {
            let edge = max(1, HistogramLayout.lowerEdge(of: bucket))
            counts[63 - edge.leadingZeroBitCount] += count
        }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return nil
        }
        name = "\(total.name)"
        self.histogram = histogram
        bars = (first...last).map { ($0, counts[$0]) }
    }

    /// The plot with its title and its percentiles.
    var figure: String {
        let frame = PlotFrame(height: 130)
        let axis = Axis(upTo: Double(bars.map(\.count).max() ?? 0), count: 3)
        var content = frame.rules(axis) { Units.count(UInt64(min($0, 1e19))) }
        for (index, bar) in bars.enumerated() {
            content += self.bar(bar.count, from: bar.exponent, frame, axis)
            if index % ((bars.count + 6) / 7) == 0 {
                let words = Units.duration(UInt64(1) << UInt64(bar.exponent))
                content += frame.text(words, x: x(Double(bar.exponent), frame), y: frame.height - 6, "middle")
            }
        }
        var percentiles: [String] = []
        for (words, fraction) in [("P50", 0.5), ("P90", 0.9), ("P99", 0.99)] {
            guard let value = histogram.percentile(fraction) else { continue }
            content += mark(value, frame)
            percentiles.append("\(words) \(Units.duration(value))")
        }
        percentiles.append("longest \(Units.duration(histogram.maximum))")
        let caption = "\(Units.count(histogram.count)) in all; " + percentiles.joined(separator: ", ")
        let title = Markup.element("h3", Markup.escaped(name))
        let plot = frame.svg(label: "\(name): \(caption)", content)
        return Markup.element("figure", title + plot + Markup.element("figcaption", Markup.escaped(caption)))
    }

    private func bar(_ count: UInt64, from exponent: Int, _ frame: PlotFrame, _ axis: Axis) -> String {
        guard count > 0 else { return "" }
        let from = UInt64(1) << UInt64(exponent)
        let words = "\(Units.duration(from)) to \(Units.duration(from * 2)): \(Units.count(count))"
        let (left, right) = (x(Double(exponent), frame) + 1, x(Double(exponent + 1), frame) - 1)
        // What happened at all can be seen.
        let height = max(1, Double(count) / axis.end * frame.innerHeight)
        return Markup.element(
            "rect",
            [
                "class": "bar", "x": Markup.coordinate(left), "y": Markup.coordinate(frame.floor - height),
                "width": Markup.coordinate(right - left), "height": Markup.coordinate(height),
            ], Markup.element("title", Markup.escaped(words)))
    }

    private func mark(_ nanoseconds: UInt64, _ frame: PlotFrame) -> String {
        let value = max(1, nanoseconds)
        let exponent = 63 - value.leadingZeroBitCount
        let base = Double(UInt64(1) << UInt64(exponent))
        // Within its bar by proportion: near enough to a logarithm for the eye, and no function of the C library.
        let position = min(Double(exponent) + Double(value) / base - 1, Double(bars[bars.count - 1].exponent + 1))
        let path =
            "M\(Markup.coordinate(x(position, frame))) \(Markup.coordinate(frame.top))V"
            + Markup.coordinate(frame.floor)
        return Markup.element("path", ["class": "mark", "d": path], "")
    }

    private func x(_ exponent: Double, _ frame: PlotFrame) -> Double {
        frame.left + (exponent - Double(bars[0].exponent)) / Double(bars.count) * frame.innerWidth
    }
}
