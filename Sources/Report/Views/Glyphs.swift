import Frames
import Scales

/// The characters of bars and shades, by what a terminal has.
struct Glyphs {
    /// From a little to full.
    let bars: [Character]
    /// From a little to full, for terminals without colours.
    let shades: [Character]
    let full: Character
    let dot: Character
    let mark: Character
    let line: Character

    init(_ style: FrameStyle) {
        switch style.glyphs {
        case .unicode:
            bars = Array("▁▂▃▄▅▆▇█")
            (full, dot, mark, line) = ("█", "·", "╵", "─")
        case .ascii:
            bars = Array("_.-:=+*#")
            (full, dot, mark, line) = ("#", ".", "'", "-")
        }
        // Eight steps that can be told apart without colour: digits say more than four shades.
        shades = Array("12345678")
    }

    /// A line of bars, the highest as high as a line can be; blank where nothing is known.
    /// - Parameter highest: nil for that of the values.
    func sparkline(_ values: [Double?], highest: Double? = nil) -> String {
        let scale = BarScale(upTo: highest ?? values.compactMap { $0 }.max() ?? 0, levels: bars.count)
        return String(values.map { value in value.map { bars[scale.level($0)] } ?? " " })
    }
}
