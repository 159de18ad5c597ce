import Contention
import SystemCalls

/// What this kernel lets us measure, how, and why not the rest.
public struct ProbeReport: Sendable {
    private let rows: [AttachRow]
    private let privileges: [Privileges.Need]

    /// - Parameter privileges: what a start needs, and whether this process has it; empty leaves the paragraph out.
    public init(_ rows: [AttachRow], privileges: [Privileges.Need] = []) {
        self.rows = rows
        self.privileges = privileges
    }

    /// The attach table, then each remark once with what can be done about it.
    /// - Parameter width: characters; less important columns go where it is short.
    public func text(width: Int) -> String {
        let table = Table(ProbeReport.columns, rows, fitting: width)
        return ([table.header] + table.lines + remarks(width: width) + needs(width: width)).text
    }

    private func needs(width: Int) -> [String] {
        guard !privileges.isEmpty else { return [] }
        let needs = privileges.map { "\($0.name) \($0.isHeld ? "held" : "missing") (\($0.purpose))" }
        return [""] + "privileges: \(needs.joined(separator: ", "))".wrapped(to: width)
    }

    private func remarks(width: Int) -> [String] {
        var order: [AttachRow] = []
        var affected: [String: [SeriesKey]] = [:]
        for row in rows where !row.reason.isEmpty {
            if affected[row.reason + "\n" + row.hint] == nil { order.append(row) }
            affected[row.reason + "\n" + row.hint, default: []].append(row.key)
        }
        let all = SeriesNames(rows.map(\.key))
        let lines = order.flatMap { row in
            let names = all.join(affected[row.reason + "\n" + row.hint] ?? [])
            let hint = row.hint.isEmpty ? [] : "hint: \(row.hint)".wrapped(to: width, indent: 2)
            return "\(names): \(row.reason)".wrapped(to: width) + hint
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    private static var columns: [Column<AttachRow>] {
        [
            Column("LOCK", .left, width: 13) { $0.key.metric.subject.rawValue },
            Column("METRIC", .left, width: 14) { $0.key.metric.name },
            Column("SITE", .left, width: 10) { $0.key.site },
            Column("MODE", .left, width: 11) { $0.mode.rawValue },
            Column("NEED", .left, width: 8, dropOrder: 2) { $0.required ? "required" : "optional" },
            Column("PROGRAM", .left, width: 11) { dash($0.program) },
            Column("AT", .left, width: 20, dropOrder: 1) { dash($0.function) },
            Column("ADDRESS", .left, width: 18, dropOrder: 3) { row in
                row.address.map { "0x" + String($0, radix: 16) } ?? "-"
            },
        ]
    }

    private static func dash(_ text: String) -> String { text.isEmpty ? "-" : text }
}
