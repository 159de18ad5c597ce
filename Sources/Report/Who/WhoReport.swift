import Contention
import SystemCalls

/// A run by process, container or namespace: who wrote, who read and who paid, those that cost most first;
/// by namespace also how many mounts each has and how many it gains.
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
            return (title + [""] + "who is not known: \(reason)".wrapped(to: width) + namespaces(width)).text
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
        return (lines + namespaces(width)).text
    }

    /// The mount namespaces, those with most mounts first; only where actors are joined by them.
    private func namespaces(_ width: Int) -> [String] {
        guard grouping == .namespace else { return [] }
        if let reason = run.records.unavailable[.namespaces] {
            return [""] + "namespaces are not known: \(reason)".wrapped(to: width)
        }
        let all = NamespaceColumns.sorted(run.records)
        let table = Table(NamespaceColumns.columns, Array(all.prefix(Self.mostRows)), fitting: width)
        let more = all.count > Self.mostRows ? ["and \(Units.amount(all.count - Self.mostRows, "namespace")) more"] : []
        return ["", table.header] + table.lines + more
    }
}

/// Mount namespaces in a table.
enum NamespaceColumns {
    /// Those with most mounts first.
    static func sorted(_ records: RecordTotals) -> [NamespaceTotal] {
        records.namespaces.values.sorted {
            ($1.row.mounts ?? 0, $0.key.inode ?? 0) < ($0.row.mounts ?? 0, $1.key.inode ?? 0)
        }
    }

    static var columns: [Column<NamespaceTotal>] {
        [
            Column("NAMESPACE", .left, width: 16) { one in
                one.key.inode.map { "mnt:[\($0)]" } ?? one.key.id.map { "#\($0)" } ?? "?"
            },
            Column("MOUNTS", .right, width: 7) { count($0.row.mounts) },
            Column("MOST", .right, width: 7, dropOrder: 2) { count($0.mostMounts) },
            Column("PER HOUR", .right, width: 8) { $0.growth.map(growth) ?? "-" },
            Column("PEERS", .right, width: 6, dropOrder: 1) { count($0.row.peers) },
            Column("PROCESSES", .right, width: 9) { count($0.row.processes) },
            Column("LIVES IN IT", .left, width: 0) { EscapedBytes.visible($0.row.container ?? "-") },
        ]
    }

    private static func count(_ value: UInt64?) -> String { value.map(Units.count) ?? "-" }

    /// `+60.0`, `-3.00`, `0`
    private static func growth(_ mounts: Double) -> String {
        mounts == 0 ? "0" : (mounts < 0 ? "-" : "+") + Units.rate(abs(mounts))
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
