import Contention
import SystemCalls

/// A run by process, container or namespace: who wrote, who read and who paid, those that cost most first.
public struct WhoReport: Sendable {
    private let run: ReportedRun
    private let grouping: WhoGrouping
    private static let mostRows = 40

    public init(_ run: ReportedRun, by grouping: WhoGrouping) {
        self.run = run
        self.grouping = grouping
    }

    /// - Parameter width: characters; less important columns go where it is short.
    public func text(width: Int) -> String {
        let host = run.host
        let title = "mountscope  \(host.hostname)  \(host.kernelRelease)  \(run.cpus)  \(run.length)".fitted(to: width)
        if let reason = run.records.unavailable[.tasks] {
            return (title + [""] + "who is not known: \(reason)".wrapped(to: width)).text
        }
        let groups = run.records.grouped(by: grouping)
        let rows = groups.prefix(Self.mostRows).map { WhoRow(group: $0, elapsed: run.totals.elapsed) }
        let table = Table(WhoRow.columns(grouping), rows, fitting: width)
        var lines = title + ["", table.header] + table.lines
        if groups.count > rows.count {
            lines.append(
                "and \(Units.amount(groups.count - rows.count, grouping.rawValue)) more; csv and ndjson have all")
        }
        if groups.isEmpty { lines.append("nobody did anything to the locks") }
        return lines.text
    }
}

/// A group in the table.
private struct WhoRow {
    let group: WhoGroup
    /// Nanoseconds.
    let elapsed: UInt64

    static func columns(_ grouping: WhoGrouping) -> [Column<WhoRow>] {
        [
            Column(grouping.rawValue.uppercased(), .left, width: 24) { EscapedBytes.visible($0.group.name) },
            Column("TASKS", .right, width: 5, dropOrder: 3) { "\($0.group.actors)" },
            Column("WRITES/s", .right, width: 8) { $0.rate($0.group.writes) },
            Column("WRITING/s", .right, width: 9) { $0.time($0.group.writeHold) },
            Column("READS/s", .right, width: 8) { $0.rate($0.group.reads) },
            Column("READING/s", .right, width: 9, dropOrder: 1) { $0.time($0.group.readHold) },
            Column("RETRIES/s", .right, width: 9, dropOrder: 2) { $0.rate($0.group.suffered) },
            Column("WAITED/s", .right, width: 8) { $0.time($0.group.waited) },
        ]
    }

    private func rate(_ count: UInt64?) -> String {
        count.map { Units.rate(Double($0) * 1e9 / Double(max(1, elapsed))) } ?? "-"
    }

    /// Time in it for each second.
    private func time(_ nanoseconds: UInt64?) -> String {
        nanoseconds.map { Units.duration(Double($0) * 1e9 / Double(max(1, elapsed))) } ?? "-"
    }
}
