import Contention
import Frames

/// Every row of both locks, how it went lately, and who writes and pays.
struct OverviewView {
    let input: ViewInput

    private struct Layout {
        let name: Int
        let hasP50: Bool
        let spark: Int

        init(_ width: Int) {
            name = 20
            hasP50 = width >= 100
            let numbers = 8 + 9 + 9 + 9 + (hasP50 ? 9 : 0)
            spark = max(0, min(hasP50 ? 60 : 20, width - name - numbers - 2))
        }
    }

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard let moment = input.moment else { return }
        let footer = footer(moment, area.columns)
        let layout = Layout(area.columns)
        let all = CostLines(input).lines
        header(&frame, area, layout)
        let room = area.rows - 1 - footer.count - (area.rows >= 17 ? 1 : 0)
        let scroll = Scroll(wanted: input.state.selected, count: all.count, room: room)
        for (offset, index) in scroll.visible.enumerated() {
            let row = area.row + 1 + offset
            draw(all[index], moment, &frame, area, row, layout)
            if index == scroll.selected, input.state.selected > 0 || !input.state.unfolded.isEmpty {
                frame.paint(.chosen, columns: area.column..<area.column + layout.name, row: row)
            }
        }
        more(&frame, area, scroll, all.count, room)
        for (index, line) in footer.enumerated() {
            let row = area.row + area.rows - footer.count + index
            frame.write(line, column: area.column, row: row, limit: area.column + area.columns)
            frame.paint(.strong, columns: area.column..<area.column + VerdictWords.indent, row: row)
        }
    }

    private func header(_ frame: inout Frame, _ area: ViewArea, _ layout: Layout) {
        var column = area.column + layout.name
        let titles: [(String, Int, RowOrder)] = [
            ("RATE/s", 8, .rate), ("TIME/s", 9, .time), ("P50", layout.hasP50 ? 9 : 0, .fixed), ("P99", 9, .p99),
            ("MAX", 9, .longest),
        ]
        for (title, width, order) in titles where width > 0 {
            column += width
            let isSorted = order == input.state.order && order != .fixed
            frame.write(title, column: column - title.count, row: area.row, isSorted ? .chosen : .strong)
        }
        guard layout.spark >= 8 else { return }
        let seconds = input.steps(layout.spark).joined().map(\.elapsed).reduce(0, +)
        let title = "LAST \(Units.elapsed(seconds))"
        frame.write(title, column: area.right - layout.spark, row: area.row, .strong, limit: area.right)
    }

    private func draw(
        _ line: CostLines.Line, _ moment: Moment, _ frame: inout Frame, _ area: ViewArea, _ row: Int, _ layout: Layout
    ) {
        switch line {
        case .lock(let lock): frame.write(lock.rawValue, column: area.column, row: row, .strong)
        case .row(let cost):
            let worst = input.history.worst[cost]
            frame.write(" \(cost.rawValue)", column: area.column, row: row)
            numbers(moment[cost], longest: worst, &frame, area, row, layout)
            spark(&frame, area, row, layout) { $0[cost] }
        case .site(let cost, let part):
            let name = part.site.isEmpty ? "(one site)" : part.site
            frame.write(name, column: area.column + 3, row: row, limit: area.column + layout.name)
            numbers(part.numbers, longest: nil, &frame, area, row, layout)
            spark(&frame, area, row, layout) { past in
                past.sheet.parts(cost).first { $0.site == part.site }?.numbers
                    ?? (past[cost].isKnown ? CostNumbers.nothing : nil)
            }
        }
    }

    private func numbers(
        _ numbers: CostNumbers, longest: UInt64?, _ frame: inout Frame, _ area: ViewArea, _ row: Int, _ layout: Layout
    ) {
        let cells = CostCells(numbers, longest: longest)
        var column = area.column + layout.name
        let texts: [(String, Int)] = [
            (cells.rate, 8), (cells.time, 9), (cells.p50, layout.hasP50 ? 9 : 0), (cells.p99, 9), (cells.longest, 9),
        ]
        for (text, width) in texts where width > 0 {
            column += width
            frame.write(text, column: column - text.count, row: row, text == "-" ? .faint : .plain)
        }
    }

    /// By time where there is one, else by events.
    private func spark(
        _ frame: inout Frame, _ area: ViewArea, _ row: Int, _ layout: Layout, _ pick: (Moment) -> CostNumbers?
    ) {
        guard layout.spark >= 8 else { return }
        let steps = input.steps(layout.spark).map { $0.compactMap(pick) }
        let isTimed = steps.contains { $0.contains { $0.time != nil } }
        let values = steps.map { step in step.compactMap { (isTimed ? $0.time : $0.rate)?.value }.max() }
        let column = area.column + area.columns - layout.spark
        frame.write(input.glyphs.sparkline(values), column: column, row: row, .part(2))
    }

    private func more(_ frame: inout Frame, _ area: ViewArea, _ scroll: Scroll, _ count: Int, _ room: Int) {
        let hidden = count - scroll.visible.count
        guard hidden > 0 else { return }
        let text = "\(Units.amount(hidden, "line")) more: up, down"
        frame.write(text, column: area.column, row: area.row, .faint, limit: area.column + 19)
    }

    private func footer(_ moment: Moment, _ width: Int) -> [String] {
        zip(["WRITES", "PAYS"], LogReport.shares(moment.sheet, who: moment.who, width: width)).map { title, line in
            line.isEmpty ? title.padded(to: VerdictWords.indent) + "-" : line
        }
    }
}

/// A part of a frame.
struct ViewArea: Equatable {
    var column: Int
    var row: Int
    var columns: Int
    var rows: Int

    /// One column, or row, behind the last.
    var right: Int { column + columns }
    var bottom: Int { row + rows }
}

extension CostNumbers {
    static let nothing: CostNumbers = {
        var numbers = CostNumbers()
        numbers.rate = Amount(0)
        numbers.time = Amount(0)
        return numbers
    }()
}
