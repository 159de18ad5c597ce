import Contention
import Frames
import Scales

/// How durations are spread: columns over time by the logarithm, with the percentiles beneath.
struct DistributionPlot {
    let input: ViewInput
    let title: String
    let histogram: Histogram

    private static let labels = 8

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 5 else { return }
        let columns = area.columns - DistributionPlot.labels
        let used = histogram.buckets.indices.filter { histogram.buckets[$0] > 0 }
        guard let first = used.first, let last = used.last, columns >= 20 else { return }
        let ranges = Bins.equal(last - first + 1, into: columns)
        let folded = ranges.first?.count ?? 1
        let bins = ranges.map { range in range.reduce(UInt64(0)) { $0 + histogram.buckets[first + $1] } }
        // Wide enough to be seen, as long as there is room.
        let width = max(1, min(4, columns / bins.count))
        let highest = bins.max() ?? 1
        let height = area.rows - 4
        frame.write("\(title), events by duration", column: area.column, row: area.row, .strong, limit: area.right)
        let label = Units.count(highest)
        frame.write(label, column: area.column + max(0, 7 - label.count), row: area.row + 1, .faint)
        for (index, count) in bins.enumerated() where count > 0 {
            let eighths = max(1, Int((Double(count) / Double(highest) * Double(height * 8)).rounded()))
            for line in 0..<height {
                let filled = min(8, eighths - line * 8)
                guard filled > 0 else { break }
                let text = String(repeating: input.glyphs.bars[filled - 1], count: width)
                let column = area.column + DistributionPlot.labels + index * width
                frame.write(text, column: column, row: area.row + height - line, .part(2), limit: area.right)
            }
        }
        let place = { (bucket: Int) in area.column + DistributionPlot.labels + (bucket - first) / folded * width }
        axis(&frame, area, area.row + height + 1, first, last, place)
        percentiles(&frame, area, area.row + height + 2, place)
    }

    /// Whole powers of ten.
    private func axis(
        _ frame: inout Frame, _ area: ViewArea, _ row: Int, _ first: Int, _ last: Int, _ place: (Int) -> Int
    ) {
        let rule = String(repeating: input.glyphs.line, count: max(0, area.columns - DistributionPlot.labels))
        frame.write(rule, column: area.column + DistributionPlot.labels, row: row, .faint, limit: place(last) + 4)
        var edge: UInt64 = 1
        var free = 0
        while edge < 1_000_000_000_000 {
            let bucket = HistogramLayout.bucket(of: edge)
            if (first...last).contains(bucket), place(bucket) >= free {
                let text = Units.duration(edge)
                free = frame.write(text, column: place(bucket), row: row, .faint, limit: area.right) + 1
            }
            edge *= 10
        }
    }

    private func percentiles(_ frame: inout Frame, _ area: ViewArea, _ row: Int, _ place: (Int) -> Int) {
        let marks: [(String, UInt64?)] = [
            ("P50", histogram.percentile(0.5)), ("P90", histogram.percentile(0.9)), ("P99", histogram.percentile(0.99)),
            ("MAX", histogram.maximum),
        ]
        var free = area.column
        for (name, value) in marks {
            guard let value else { continue }
            let column = place(HistogramLayout.bucket(of: value))
            // Those that would stand on one another stand below.
            let line = column >= free ? row : row + 1
            frame.write("^\(name)", column: column, row: line, limit: area.right)
            if line == row { free = column + name.count + 2 }
        }
    }
}
