import Contention
import Frames

/// A view whose numbers are not there: why, what turns it on, and where something near to it is.
struct MissingView {
    let kind: ViewKind
    /// Why there are no records; nil where there may be some.
    let reason: String?
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let lines = ([what] + [why] + [elsewhere]).flatMap { $0.wrapped(to: max(20, min(area.columns, 100))) }
        for (index, line) in lines.prefix(area.rows).enumerated() {
            frame.write(line, column: area.column, row: area.row + index, index == 0 ? .strong : .plain)
        }
    }

    private var what: String {
        switch kind {
        case .who: "No process is known to have used the locks in this interval."
        case .scans: "Nobody is known to have read a mount table."
        case .blame: "Nobody is known to have paid for a writer."
        default: reason == nil ? "Nothing is found to be wrong." : "Whether something is wrong is not known."
        }
    }

    private var why: String {
        if let reason { return "Not measured: \(reason)." }
        if !input.history.records.isEmpty { return "Processes are recorded; there was nothing of this kind." }
        if case .replay = input.source { return "The run has no records of processes: record it with --who on." }
        return "There are no records of processes so far; --who on turns them on."
    }

    private var elsewhere: String {
        switch kind {
        case .scans: "How many pages of mount tables were read, and how long that held namespace_sem, stands in view 1."
        case .findings: "How bad it is stands above."
        default: "The kernel functions and operations are known: press 1, then Enter on a row."
        }
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
