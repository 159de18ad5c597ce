import Contention
import Frames

/// CPUs lost over time: spin, wait and walk again, stacked; the scale stands at the left.
struct StackPlot {
    let input: ViewInput

    private static let labels = 7

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 4, area.columns >= 30 else { return }
        let plot = area.columns - StackPlot.labels
        let steps = input.steps(plot)
        let stacks = steps.map(stack)
        let highest = stacks.compactMap { $0?.reduce(0, +) }.max() ?? 0
        let height = area.rows - 2
        title(&frame, area)
        let top = highest > 0 ? VerdictWords.few(Amount(highest)) : "0"
        label(top, &frame, area, 0)
        label("0", &frame, area, height - 1)
        for (index, stack) in stacks.enumerated() {
            let column = area.column + StackPlot.labels + index
            guard let stack, highest > 0 else { continue }
            bar(stack, highest, height, column, &frame, area)
        }
        marks(steps, &frame, area)
    }

    private func title(_ frame: inout Frame, _ area: ViewArea) {
        var column = frame.write("CPUs lost", column: area.column, row: area.row, .strong, limit: area.right) + 2
        for (index, name) in ["spin", "wait", "walk again"].enumerated() {
            guard column + name.count + 2 <= area.right else { return }
            column = frame.write(String(glyph(index)), column: column, row: area.row, .part(index)) + 1
            column = frame.write(name, column: column, row: area.row) + 2
        }
    }

    /// What tells the parts apart where there is no colour.
    private func glyph(_ part: Int) -> Character {
        guard input.style.colours == .none || input.style.glyphs == .ascii else { return input.glyphs.full }
        return ["#", "+", "."][part]
    }

    private func label(_ text: String, _ frame: inout Frame, _ area: ViewArea, _ line: Int) {
        let width = StackPlot.labels - 1
        let column = area.column + max(0, width - text.count)
        frame.write(text, column: column, row: area.row + 1 + line, .faint)
    }

    /// The greatest of a step; nil where nothing is known.
    private func stack(_ step: [Moment]) -> [Double]? {
        let known = step.compactMap { moment -> [Double]? in
            let verdict = moment.verdict
            guard verdict.lost != nil else { return nil }
            return [verdict.spinning, verdict.waiting, verdict.walkingAgain].map { $0?.value ?? 0 }
        }
        return known.max { $0.reduce(0, +) < $1.reduce(0, +) }
    }

    private func bar(
        _ stack: [Double], _ highest: Double, _ height: Int, _ column: Int, _ frame: inout Frame, _ area: ViewArea
    ) {
        let whole = stack.reduce(0, +)
        let eighths = Int((whole / highest * Double(height * 8)).rounded(.up))
        for line in 0..<height {
            let filled = min(8, eighths - line * 8)
            guard filled > 0 else { return }
            // The part that takes the middle of the cell.
            let middle = (Double(line) + Double(filled) / 16) / Double(height) * highest
            var passed = 0.0
            var part = 0
            for (index, value) in stack.enumerated() {
                passed += value
                if middle <= passed || index == stack.count - 1 {
                    part = index
                    break
                }
            }
            let isDrawn = input.style.colours != .none && input.style.glyphs == .unicode
            let character = isDrawn ? input.glyphs.bars[filled - 1] : glyph(part)
            frame.write(String(character), column: column, row: area.row + height - line, .part(part))
        }
    }

    /// Where something began or ceased to be measured.
    private func marks(_ steps: [[Moment]], _ frame: inout Frame, _ area: ViewArea) {
        let row = area.row + area.rows - 1
        let times = Set(input.history.changes.map(\.endRealtime))
        var isMarked = false
        for (index, step) in steps.enumerated() where step.contains(where: { times.contains($0.endRealtime) }) {
            frame.write("^", column: area.column + StackPlot.labels + index, row: row, .busy)
            isMarked = true
        }
        let text = isMarked ? "^ other modes from here on" : ""
        frame.write(text, column: area.column, row: row, .faint, limit: area.right)
    }
}
