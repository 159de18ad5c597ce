import Contention

/// Every instruction that uses the locks, what it does there and what is attached to it.
public struct SiteReport: Sendable {
    private let table: SiteTable

    public init(_ table: SiteTable) { self.table = table }

    /// - Parameter width: characters; less important columns go where it is short.
    public func text(width: Int) -> String {
        let rows = Table(SiteReport.columns, table.rows, fitting: width)
        return ([rows.header] + rows.lines + ["", summary] + kinds).text
    }

    private var summary: String {
        let share = table.references > 0 ? Double(table.classified) / Double(table.references) : 0
        return "\(table.classified) of \(table.references) references classified (\(Units.percent(share))) in "
            + "\(Set(table.rows.map { $0.place.prefix { $0 != "+" } }).count) functions, in \(Units.duration(table.elapsed))"
    }

    private var kinds: [String] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for row in table.rows {
            if counts[row.kind] == nil { order.append(row.kind) }
            counts[row.kind, default: 0] += 1
        }
        return [order.sorted().map { "\($0) \(counts[$0] ?? 0)" }.joined(separator: ", ")]
    }

    private static var columns: [Column<SiteRow>] {
        [
            Column("AT", .left, width: 30) { $0.place },
            Column("ADDRESS", .left, width: 18, dropOrder: 2) { "0x" + String($0.address, radix: 16) },
            Column("DOES", .left, width: 17) { $0.kind },
            Column("PROGRAM", .left, width: 19) { $0.program.isEmpty ? "-" : $0.program },
            Column("WHY NOT", .left, width: 0, dropOrder: 1) { $0.reason },
        ]
    }
}
