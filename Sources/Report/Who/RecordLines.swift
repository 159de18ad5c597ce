import Contention

/// Reads of a mount table by one process, as terminal and page show them.
struct ScanLine {
    let name: String
    let scan: ScanRow

    /// The longest holds first.
    static func lines(_ records: RecordTotals) -> [ScanLine] {
        records.scans.values.map { scan in
            ScanLine(name: records.actors[scan.key.actor]?.processName ?? "others", scan: scan)
        }.sorted { left, right in
            let (one, other) = (left.scan.hold ?? 0, right.scan.hold ?? 0)
            return one == other ? left.name < right.name : one > other
        }
    }

    static var columns: [Column<ScanLine>] {
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

/// What a writer did to a victim, as terminal and page show it.
struct BlameLine {
    let writer: String
    let victim: String
    let blame: BlameRow

    /// The longest first, then the most frequent.
    static func lines(_ records: RecordTotals) -> [BlameLine] {
        func name(_ actor: Int?) -> String { actor.map { records.actors[$0]?.processName ?? "others" } ?? "unknown" }
        return records.blame.values.map { blame in
            BlameLine(writer: name(blame.key.writer), victim: name(blame.key.victim), blame: blame)
        }.sorted { left, right in
            let one = (left.blame.nanoseconds ?? 0, left.blame.count ?? 0)
            let other = (right.blame.nanoseconds ?? 0, right.blame.count ?? 0)
            return one == other ? (left.writer, left.victim) < (right.writer, right.victim) : one > other
        }
    }

    static var columns: [Column<BlameLine>] {
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

/// Numbers of records as text.
enum RecordCells {
    static func rate(_ value: Double?) -> String { value.map(Units.rate) ?? "-" }
    static func time(_ value: Double?) -> String { value.map { Units.duration($0) } ?? "-" }
    static func count(_ value: UInt64?) -> String { value.map(Units.count) ?? "-" }
    static func duration(_ value: UInt64?) -> String { value.map(Units.duration) ?? "-" }
}
