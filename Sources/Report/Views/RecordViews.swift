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

    private struct Row {
        let name: String
        let scan: ScanRow
    }

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let records = input.history.records
        let rows = records.scans.values.map { scan in
            Row(name: records.actors[scan.key.actor]?.processName ?? "others", scan: scan)
        }.sorted { left, right in
            let (one, other) = (left.scan.hold ?? 0, right.scan.hold ?? 0)
            return one == other ? left.name < right.name : one > other
        }
        guard !rows.isEmpty else {
            return MissingView(kind: .scans, reason: records.unavailable[.scans], input: input).draw(&frame, area)
        }
        RecordTableView(
            input: input, title: "reads of whole mount tables since the start, the longest holds first",
            columns: ScansView.columns, rows: Array(rows.prefix(ScansView.most))
        ) { "\($0.name) \($0.scan.key.table.rawValue)" }.draw(&frame, area)
    }

    private static let most = 200

    private static var columns: [Column<Row>] {
        [
            Column("PROCESS", .left, width: 18) { $0.name },
            Column("TABLE", .left, width: 10) { $0.scan.key.table.rawValue },
            Column("SCANS", .right, width: 7) { RecordCells.count($0.scan.scans) },
            Column("AGAIN", .right, width: 7) { RecordCells.count($0.scan.redundant) },
            Column("PAGES", .right, width: 7, dropOrder: 3) { RecordCells.count($0.scan.pages) },
            Column("MOUNTS", .right, width: 8, dropOrder: 2) { RecordCells.count($0.scan.mounts) },
            Column("BUFFER", .right, width: 8, dropOrder: 1) { $0.scan.buffer.map(Units.bytes) ?? "-" },
            Column("HELD", .right, width: 8) { RecordCells.duration($0.scan.hold) },
            Column("LONGEST", .right, width: 8, dropOrder: 4) { RecordCells.duration($0.scan.holdMaximum) },
        ]
    }
}

/// Who wrote while whom had to retry, spin or wait, since the start.
struct BlameView {
    let input: ViewInput

    private struct Row {
        let writer: String
        let victim: String
        let blame: BlameRow
    }

    func draw(_ frame: inout Frame, _ area: ViewArea) {
        let records = input.history.records
        func name(_ actor: Int?) -> String { actor.map { records.actors[$0]?.processName ?? "others" } ?? "unknown" }
        let rows = records.blame.values.map { blame in
            Row(writer: name(blame.key.writer), victim: name(blame.key.victim), blame: blame)
        }.sorted { left, right in
            let one = (left.blame.nanoseconds ?? 0, left.blame.count ?? 0)
            let other = (right.blame.nanoseconds ?? 0, right.blame.count ?? 0)
            return one == other ? (left.writer, left.victim) < (right.writer, right.victim) : one > other
        }
        guard !rows.isEmpty else {
            return MissingView(kind: .blame, reason: records.unavailable[.blame], input: input).draw(&frame, area)
        }
        RecordTableView(
            input: input, title: "who wrote, and who paid, since the start", columns: BlameView.columns,
            rows: Array(rows.prefix(BlameView.most))
        ) { "\($0.writer) \($0.victim) \($0.blame.key.operation) \($0.blame.key.metric.name)" }.draw(&frame, area)
    }

    private static let most = 200

    private static var columns: [Column<Row>] {
        [
            Column("WRITER", .left, width: 18) { $0.writer },
            Column("DOES", .left, width: 8, dropOrder: 1) { $0.blame.key.operation },
            Column("VICTIM", .left, width: 18) { $0.victim },
            Column("SUFFERS", .left, width: 14) { $0.blame.key.metric.name },
            Column("EVENTS", .right, width: 9) { RecordCells.count($0.blame.count) },
            Column("TIME", .right, width: 8) { RecordCells.duration($0.blame.nanoseconds) },
        ]
    }
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
