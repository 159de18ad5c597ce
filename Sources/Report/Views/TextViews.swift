import Contention
import Frames

/// A view whose numbers this version or this run does not have: what it would show, and what turns it on.
struct MissingView {
    let kind: ViewKind

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let lines = lines.flatMap { $0.wrapped(to: max(20, min(area.columns, 100))) }
        for (index, line) in lines.prefix(area.rows).enumerated() {
            frame.write(line, column: area.column, row: area.row + index, index == 0 ? .strong : .plain)
        }
    }

    private var lines: [String] {
        switch kind {
        case .who:
            ["Which processes and containers write, read and wait is not known here.", MissingView.records, sites]
        case .scans:
            ["Who reads the mount table, how often and for nothing, is not known here.", MissingView.records, pages]
        case .blame:
            ["Who wrote while whom had to wait is not known here.", MissingView.records, sites]
        default: ["Nothing has been found: no rule has been applied to these numbers.", MissingView.records]
        }
    }

    private static let records =
        "It comes from records of processes, which this kernel, this run or this version of mountscope does not have."
    private var sites: String { "The kernel functions and operations are known: press 1, then Enter on a row." }
    private var pages: String {
        "How many pages of it were read, and how long that held namespace_sem, stands in view 1."
    }
}

/// The keys.
struct HelpView {
    func draw(_ frame: inout Frame, _ area: ViewArea) {
        var row = area.row
        frame.write("Keys", column: area.column, row: row, .strong)
        for line in ViewState.help {
            row += 1
            guard row < area.bottom else { return }
            frame.write(line.keys, column: area.column + 1, row: row, .strong)
            frame.write(line.effect, column: area.column + 17, row: row, limit: area.right)
        }
        row += 1
        for line in HelpView.marks.flatMap({ $0.fitted(to: area.columns) }) where row < area.bottom {
            frame.write(line, column: area.column, row: row, .faint, limit: area.right)
            row += 1
        }
    }

    private static let marks = ["~ roughly, < at most, > at least; - not known. CALM, BUSY, STORM: mountscope(1)."]
}
