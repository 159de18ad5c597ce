import Contention

/// Numbers over time as a line of small bars, the highest as high as a line can be.
enum Sparkline {
    /// Characters.
    static let width = 24
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// - Parameter timeline: a blank stands where nothing was known, the lowest bar for nothing at all.
    static func text(_ timeline: Timeline) -> String {
        let values = condensed(timeline)
        let highest = values.compactMap { $0 }.max() ?? 0
        let line = values.map { value -> Character in
            guard let value else { return " " }
            guard highest > 0, value > 0 else { return bars[0] }
            // What happened at all is higher than nothing.
            return bars[min(bars.count - 1, max(1, Int((value / highest * Double(bars.count - 1)).rounded())))]
        }
        return String(line)
    }

    /// The steps as few enough, each a mean over the time or the whole that it stands for.
    private static func condensed(_ timeline: Timeline) -> [Double?] {
        let steps = timeline.counts.count
        let shown = min(steps, width)
        return (0..<shown).map { index in
            let range = index * steps / shown..<(index + 1) * steps / shown
            let base = timeline.bases[range].reduce(0) { $0 + Double($1) }
            return base > 0 ? timeline.counts[range].reduce(0) { $0 + Double($1) } / base : nil
        }
    }
}
