import Contention
import Frames

/// The full screen of the live view. Pure: the same input has the same frame.
public enum LiveScreen {
    /// Below this nothing can be read.
    public static let smallest = FrameSize(columns: 50, rows: 12)

    /// Lines that a page of the view has.
    public static func page(_ size: FrameSize) -> Int { max(1, size.rows - Chrome.headLines - 3) }

    public static func frame(_ input: ViewInput, _ size: FrameSize) -> Frame {
        var frame = Frame(size)
        guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
            tooSmall(input, &frame)
            return frame
        }
        Chrome(input: input).draw(&frame)
        let top = Chrome.headLines + (size.rows >= 20 ? 1 : 0)
        let area = ViewArea(column: 0, row: top, columns: size.columns, rows: size.rows - top - 1)
        if input.state.isHelp {
            HelpView().draw(&frame, area)
        } else {
            draw(input, &frame, area)
        }
        return frame
    }

    private static func draw(_ input: ViewInput, _ frame: inout Frame, _ area: ViewArea) {
        switch input.state.kind {
        case .overview: Panels(input: input).draw(&frame, area)
        case .cpus: CPUsView(input: input).draw(&frame, area)
        case .times: TimesView(input: input).draw(&frame, area)
        case .data: DataView(input: input).draw(&frame, area)
        case .who: WhoView(input: input).draw(&frame, area)
        case .scans: ScansView(input: input).draw(&frame, area)
        case .blame: BlameView(input: input).draw(&frame, area)
        case .findings: FindingsView(input: input).draw(&frame, area)
        }
    }

    /// Lines of the view that can be chosen; of text the lines that can be the first.
    static func lines(_ input: ViewInput, _ size: FrameSize) -> Int {
        switch input.state.kind {
        case .overview: CostLines(input).lines.count
        case .times: TimesView(input: input).rows.count
        case .data: max(1, DataView(input: input).count(size.columns) - page(size) + 1)
        case .cpus: 1
        case .who: max(1, (input.moment?.who?.lines.count ?? 0) - page(size) + 3)
        case .scans: max(1, input.history.records.scans.count - page(size) + 3)
        case .blame: max(1, input.history.records.blame.count - page(size) + 3)
        case .findings: max(1, FindingsView(input: input).lines(size.columns).count - page(size) + 2)
        }
    }

    /// The chosen line of the overview.
    static func line(_ input: ViewInput) -> CostLines.Line? {
        let lines = CostLines(input).lines
        return lines.indices.contains(input.state.selected) ? lines[input.state.selected] : nil
    }

    private static func tooSmall(_ input: ViewInput, _ frame: inout Frame) {
        let words = input.moment.map { VerdictWords($0.verdict, nil).level } ?? ""
        let size = frame.size
        let lines = [
            words, "too small: \(size.columns)x\(size.rows)", "\(smallest.columns)x\(smallest.rows) is the least",
            "q quit",
        ].filter { !$0.isEmpty }
        for (row, line) in lines.enumerated() { frame.write(line, column: 0, row: row) }
    }
}

/// The overview with what else has room: plots beside or below it, and the CPUs at the bottom.
struct Panels {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard area.columns >= 160 else { return tall(&frame, area) }
        let heat = area.rows >= 40 ? min(20, area.rows / 3) : 0
        let left = min(130, area.columns * 45 / 100)
        let rows = area.rows - heat - (heat > 0 ? 1 : 0)
        OverviewView(input: input).draw(
            &frame, ViewArea(column: 0, row: area.row, columns: left, rows: rows))
        let column = left + 3
        plots(&frame, ViewArea(column: column, row: area.row, columns: area.columns - column, rows: rows))
        guard heat > 0 else { return }
        CPUHeat(input: input).draw(
            &frame, ViewArea(column: 0, row: area.bottom - heat, columns: area.columns, rows: heat))
    }

    /// One above the other; the plots get what the table leaves.
    private func tall(_ frame: inout Frame, _ area: ViewArea) {
        let table = min(area.rows, area.rows >= 30 ? 18 : area.rows)
        OverviewView(input: input).draw(
            &frame, ViewArea(column: 0, row: area.row, columns: area.columns, rows: table))
        plots(
            &frame,
            ViewArea(column: 0, row: area.row + table + 1, columns: area.columns, rows: area.rows - table - 1))
    }

    private func plots(_ frame: inout Frame, _ area: ViewArea) {
        guard area.rows >= 6 else { return }
        guard area.rows >= 16 else { return StackPlot(input: input).draw(&frame, area) }
        let upper = area.rows / 2
        StackPlot(input: input).draw(
            &frame, ViewArea(column: area.column, row: area.row, columns: area.columns, rows: upper))
        LatencyPlot(input: input).draw(
            &frame,
            ViewArea(
                column: area.column, row: area.row + upper + 1, columns: area.columns, rows: area.rows - upper - 1))
    }
}
