import Contention
import Frames

/// Rows of the record plane under columns; the first of them is chosen by scrolling.
struct RecordTableView<Record> {
    let input: ViewInput
    /// What the rows are of, in a line above the titles.
    let title: String
    let columns: [Column<Record>]
    let rows: [Record]
    /// What a row is found by.
    let text: (Record) -> String

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let filter = input.state.filter.lowercased()
        let found = filter.isEmpty ? rows : rows.filter { text($0).lowercased().contains(filter) }
        frame.write(title, column: area.column, row: area.row, .faint, limit: area.right)
        let table = Table(columns, found, fitting: area.columns)
        frame.write(table.header, column: area.column, row: area.row + 1, .strong, limit: area.right)
        let scroll = TextScroll(from: input.state.selected, count: found.count, room: area.rows - 3)
        let lines = table.lines
        for (offset, index) in scroll.visible.enumerated() {
            frame.write(lines[index], column: area.column, row: area.row + 2 + offset, limit: area.right)
        }
        let hidden = found.count - scroll.visible.count
        let more = hidden > 0 ? "\(Units.amount(hidden, "line")) more: up, down, PgUp, PgDn" : ""
        frame.write(more, column: area.column, row: area.bottom - 1, .faint, limit: area.right)
    }
}
