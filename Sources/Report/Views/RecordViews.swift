import Contention
import Frames

/// Who wrote, read and waited in the interval that is shown.
struct WhoView {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        guard let who = input.moment?.who else {
            return MissingView(kind: .who, reason: input.history.records.unavailable[.tasks], input: input)
                .draw(&frame, area)
        }
        let more = who.more > 0 ? ", and \(Units.amount(who.more, "other"))" : ""
        RecordTableView(
            input: input, title: "processes in this interval, the dearest first\(more)", columns: WhoView.columns,
            rows: who.lines
        ) { "\($0.name) \($0.container)" }.draw(&frame, area)
    }

    private static var columns: [Column<WhoSheet.Line>] {
        [
            Column("PROCESS", .left, width: 18) { $0.name },
            Column("WRITES/s", .right, width: 8) { RecordCells.rate($0.writes) },
            Column("HELD/s", .right, width: 8) { RecordCells.time($0.writeHold) },
            Column("READS/s", .right, width: 7) { RecordCells.rate($0.reads) },
            Column("READ/s", .right, width: 8, dropOrder: 1) { RecordCells.time($0.readHold) },
            Column("RETRIES/s", .right, width: 9, dropOrder: 2) { RecordCells.rate($0.suffered) },
            Column("WAITED/s", .right, width: 8) { RecordCells.time($0.waited) },
            Column("IN", .left, width: 10, dropOrder: 3) { $0.container },
        ]
    }
}

/// Who reads the mount table, and how much of that for nothing, since the start.
struct ScansView {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let records = input.history.records
        let rows = ScanLine.lines(records)
        guard !rows.isEmpty else {
            return MissingView(kind: .scans, reason: records.unavailable[.scans], input: input).draw(&frame, area)
        }
        RecordTableView(
            input: input, title: "reads of whole mount tables since the start, the longest holds first",
            columns: ScanLine.columns, rows: Array(rows.prefix(ScansView.most))
        ) { "\($0.name) \($0.scan.key.table.rawValue)" }.draw(&frame, area)
    }

    private static let most = 200
}

/// Who wrote while whom had to retry, spin or wait, since the start.
struct BlameView {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let records = input.history.records
        let rows = BlameLine.lines(records)
        guard !rows.isEmpty else {
            return MissingView(kind: .blame, reason: records.unavailable[.blame], input: input).draw(&frame, area)
        }
        RecordTableView(
            input: input, title: "who wrote, and who paid, since the start", columns: BlameLine.columns,
            rows: Array(rows.prefix(BlameView.most))
        ) { "\($0.writer) \($0.victim) \($0.blame.key.operation) \($0.blame.key.metric.name)" }.draw(&frame, area)
    }

    private static let most = 200
}

/// What is wrong, what it costs and what to change, since the start.
struct FindingsView {
    let input: ViewInput

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let lines = lines(area.columns)
        guard !lines.isEmpty else {
            let reason = input.history.records.unavailable[.tasks]
            return MissingView(kind: .findings, reason: reason, input: input).draw(&frame, area)
        }
        let scroll = TextScroll(from: input.state.selected, count: lines.count, room: area.rows)
        for (offset, index) in scroll.visible.enumerated() {
            frame.write(lines[index], column: area.column, row: area.row + offset, limit: area.right)
        }
    }

    /// As in the report.
    func lines(_ width: Int) -> [String] {
        let evidence = FindingEvidence(input.history.records, elapsed: input.history.total)
        return FindingLines(evidence.findings).lines(width: max(20, width))
    }
}
