import Contention
import Scales

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
        let scale = BarScale(upTo: values.compactMap { $0 }.max() ?? 0, levels: bars.count)
        return String(values.map { value in value.map { bars[scale.level($0)] } ?? " " })
    }

    /// The steps as few enough, each a mean over the time or the whole that it stands for.
    private static func condensed(_ timeline: Timeline, _ steps: Int) -> [Double?] {
        let known = timeline.counts.count
        return Bins.even(steps, into: width).map { bin in
            let range = min(known, bin.lowerBound)..<min(known, bin.upperBound)
            let base = timeline.bases[range].reduce(0) { $0 + Double($1) }
            return base > 0 ? timeline.counts[range].reduce(0) { $0 + Double($1) } / base : nil
        }
    }
}
