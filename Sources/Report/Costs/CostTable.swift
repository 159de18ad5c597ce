import Contention

/// The rows of an interval in which something happened, as lines under one header.
struct CostTable {
    private struct Row {
        let name: String
        let cells: CostCells
    }

    /// The header first, with what is to stand in its corner; the names of the locks have lines of their own.
    let lines: [String]

    /// - Parameter width: characters; P50 goes where it is short.
    init(_ sheet: CostSheet, corner: String, width: Int) {
        var rows: [(lock: Subject, row: Row)] = []
        for row in CostRow.allCases {
            let numbers = sheet[row]
            guard numbers.isActive else { continue }
            rows.append((row.lock, Row(name: " \(row.rawValue)", cells: CostCells(numbers))))
        }
        let table = Table(CostTable.columns(corner), rows.map(\.row), fitting: width)
        var lines = [table.header]
        for (index, line) in table.lines.enumerated() {
            if index == 0 || rows[index].lock != rows[index - 1].lock { lines.append(rows[index].lock.rawValue) }
            lines.append(line)
        }
        self.lines = rows.isEmpty ? [table.header, "nothing happened"] : lines
    }

    private static func columns(_ corner: String) -> [Column<Row>] {
        [
            Column(corner, .left, width: 20) { $0.name },
            Column("RATE/s", .right, width: 8) { $0.cells.rate },
            Column("TIME/s", .right, width: 9) { $0.cells.time },
            Column("P50", .right, width: 8, dropOrder: 1) { $0.cells.p50 },
            Column("P99", .right, width: 8) { $0.cells.p99 },
            Column("MAX", .right, width: 8) { $0.cells.longest },
        ]
    }
}
