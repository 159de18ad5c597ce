import Frames

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
        let top = highest ?? values.compactMap { $0 }.max() ?? 0
        return String(
            values.map { value -> Character in
                guard let value else { return " " }
                // What happened at all is higher than nothing.
                guard top > 0, value > 0 else { return value > 0 ? bars[1] : bars[0] }
                return bars[min(bars.count - 1, max(1, Int((value / top * Double(bars.count - 1)).rounded())))]
            })
    }
}
