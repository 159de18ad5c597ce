import Contention
import Frames
import Scales

/// Cells of a heat map: a colour where there are colours, else a digit.
struct HeatCells {
    let style: FrameStyle
    let glyphs: Glyphs

    init(_ style: FrameStyle) {
        self.style = style
        glyphs = Glyphs(style)
    }

    /// - Parameters:
    ///   - value: nil where nothing is known: blank.
    ///   - isOnline: a CPU that is offline is a dot.
    func cell(_ value: Double?, _ scale: HeatScale?, isOnline: Bool = true) -> (Character, Ink) {
        guard isOnline else { return (glyphs.dot, .faint) }
        guard let value else { return (" ", .plain) }
        guard value > 0, let scale else { return (style.glyphs == .unicode ? "▁" : "0", .faint) }
        let step = scale.step(value)
        let isDrawn = style.colours != .none && style.glyphs == .unicode
        return (isDrawn ? glyphs.full : glyphs.shades[step - 1], .heat(step))
    }

    /// The steps with their upper edges; as many as fit.
    func legend(_ scale: HeatScale, _ words: CPUWords, _ frame: inout Frame, _ area: ViewArea, row: Int) {
        var column = frame.write("0", column: area.column, row: row, .faint, limit: area.right) + 1
        // The greatest is always told.
        let last = words.value(scale.upperEdge(HeatScale.steps))
        for step in 1...HeatScale.steps {
            let isLast = step == HeatScale.steps
            let text = isLast ? last : words.short(scale.upperEdge(step))
            guard isLast || column + text.count + last.count + 6 <= area.right else { continue }
            let isDrawn = style.colours != .none && style.glyphs == .unicode
            let mark = isDrawn ? glyphs.full : glyphs.shades[step - 1]
            column = frame.write(String(mark), column: column, row: row, .heat(step), limit: area.right)
            column = frame.write(" \(text)", column: column, row: row, limit: area.right) + 2
        }
    }
}
