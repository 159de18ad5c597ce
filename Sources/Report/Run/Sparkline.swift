import Contention

/// Numbers over time as a line of small bars, the highest as high as a line can be.
enum Sparkline {
    /// Characters.
    static let width = 24
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// - Parameters:
    ///   - timeline: a blank stands where nothing was known, the lowest bar for nothing at all.
    ///   - steps: of the run; a series that ceased to be measured has fewer.
    static func text(_ timeline: Timeline, steps: Int) -> String {
        let values = condensed(timeline, steps)
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
    private static func condensed(_ timeline: Timeline, _ steps: Int) -> [Double?] {
        let known = timeline.counts.count
        let shown = min(steps, width)
        return (0..<shown).map { index in
            let range = min(known, index * steps / shown)..<min(known, (index + 1) * steps / shown)
            let base = timeline.bases[range].reduce(0) { $0 + Double($1) }
            return base > 0 ? timeline.counts[range].reduce(0) { $0 + Double($1) } / base : nil
        }
    }
}
