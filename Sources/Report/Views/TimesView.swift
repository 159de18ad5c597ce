import Contention
import Frames

/// Durations since the start or the reset: percentiles of every row that has any, and the distribution of the chosen one.
struct TimesView {
    let input: ViewInput

    var rows: [CostRow] {
        let filter = input.state.filter.lowercased()
        return CostRow.allCases.filter {
            (input.history.durations[$0]?.count ?? 0) > 0 && (filter.isEmpty || $0.rawValue.contains(filter))
        }
    }

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let rows = rows
        guard !rows.isEmpty else {
            frame.write("nothing was timed yet", column: area.column, row: area.row)
            let why = "Where this stays so, view 8 says why."
            frame.write(why, column: area.column, row: area.row + 1, .faint)
            return
        }
        header(&frame, area)
        let room = max(1, min(rows.count, area.rows - 8))
        let scroll = Scroll(wanted: input.state.selected, count: rows.count, room: room)
        for (offset, index) in scroll.visible.enumerated() {
            line(rows[index], isChosen: index == scroll.selected, &frame, area, area.row + 1 + offset)
        }
        let used = room + 2
        let plot = ViewArea(
            column: area.column, row: area.row + used, columns: area.columns, rows: area.rows - used)
        if let histogram = input.history.durations[rows[scroll.selected]] {
            DistributionPlot(input: input, title: name(rows[scroll.selected]), histogram: histogram)
                .draw(&frame, plot)
        }
    }

    private static let columns: [(String, Int)] = [("EVENTS", 12), ("P50", 9), ("P90", 9), ("P99", 9), ("MAX", 9)]

    private func name(_ row: CostRow) -> String { "\(row.lock.rawValue): \(row.rawValue)" }

    private func header(_ frame: inout Frame, _ area: ViewArea) {
        let since = input.history.resetAt.map { "since \(Timestamp.rfc3339($0, digits: 0).suffix(9))" } ?? "since start"
        frame.write(since, column: area.column, row: area.row, .faint)
        var column = area.column + 20
        for (title, width) in TimesView.columns {
            column += width
            frame.write(title, column: column - title.count, row: area.row, .strong)
        }
        if spark(area) >= 8 { frame.write("P99 LATELY", column: column + 2, row: area.row, .strong, limit: area.right) }
    }

    private func spark(_ area: ViewArea) -> Int { min(60, area.columns - 70) }

    private func line(_ row: CostRow, isChosen: Bool, _ frame: inout Frame, _ area: ViewArea, _ y: Int) {
        guard let histogram = input.history.durations[row] else { return }
        frame.write(row.rawValue, column: area.column + 1, row: y)
        if isChosen { frame.paint(.chosen, columns: area.column..<area.column + 19, row: y) }
        let times = [histogram.percentile(0.5), histogram.percentile(0.9), histogram.percentile(0.99)]
        let cells =
            [Units.count(histogram.count)] + (times + [input.history.worst[row]]).map { $0.map(Units.duration) ?? "-" }
        var column = area.column + 20
        for (text, width) in zip(cells, TimesView.columns.map(\.1)) {
            column += width
            frame.write(text, column: column - text.count, row: y)
        }
        guard spark(area) >= 8 else { return }
        let values = input.steps(spark(area)).map { step in
            step.compactMap { $0[row].p99 }.max().map { Double($0) }
        }
        frame.write(input.glyphs.sparkline(values), column: column + 2, row: y, .part(2))
    }
}
