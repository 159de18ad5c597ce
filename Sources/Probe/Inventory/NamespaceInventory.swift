import Contention
import Glibc
import SystemCalls

/// The mount namespaces of this host: their mounts, processes and containers. Each is looked at once a minute at most; its
/// table is read every five minutes at most, of a few namespaces at a time.
final class NamespaceInventory {
    /// What it may cost.
    struct Limits {
        /// Nanoseconds between two looks at a namespace.
        var pause: UInt64 = 60_000_000_000
        /// Nanoseconds between two readings of a namespace's table.
        var tablePause: UInt64 = 300_000_000_000
        /// Namespaces whose table is read at a time.
        var tables = 4
        /// Namespaces that are kept.
        var namespaces = 10_000
        /// Processes that are looked at.
        var processes = 200_000
    }

    private struct Known {
        var row: NamespaceRow
        /// CLOCK_MONOTONIC of the latest reading of its table, nanoseconds.
        var tableRead: UInt64?
        var peerGroups: [UInt64: Int]?
    }

    private let names: CgroupNames
    private let limits: Limits
    private let root: String
    /// By inode.
    private var known: [UInt64: Known] = [:]
    private var latest: UInt64?

    /// - Parameter root: stands before /proc; not empty only in tests.
    init(_ names: CgroupNames, limits: Limits = Limits(), root: String = "") {
        self.names = names
        self.limits = limits
        self.root = root
    }

    /// As of the latest look, in the order of inodes.
    var rows: [NamespaceRow] { known.sorted { $0.key < $1.key }.map(\.value.row) }

    /// Looks again, where it is time.
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    func look(_ now: UInt64) {
        if let latest, now < latest + limits.pause { return }
        latest = now
        let found = processes()
        known = known.filter { found[$0.key] != nil }
        var tables = limits.tables
        for (inode, processes) in found.sorted(by: { $0.key < $1.key }) {
            guard known[inode] != nil || known.count < limits.namespaces else { continue }
            look(inode, processes, now, &tables)
        }
        countPeers()
    }

    private func look(_ inode: UInt64, _ processes: Processes, _ now: UInt64, _ tables: inout Int) {
        let before = known[inode]
        let isTableDue = before?.tableRead.map { now >= $0 + limits.tablePause } ?? true
        let readsTable = isTableDue && tables > 0
        guard
            let look = NamespaceLook(
                process: processes.first, inode: inode, readsTable: readsTable, root: root)
        else {
            known[inode] = nil
            return
        }
        var row = NamespaceRow(look.namespace, mounts: look.mounts, processes: UInt64(processes.count))
        row.looked = now
        // A namespace with this inode and another number is another one.
        let isSame = before?.row.key == look.namespace
        row.container = isSame ? before?.row.container : names.container(ofProcess: processes.first, root: root)
        var entry = Known(row: row)
        if isSame { (entry.tableRead, entry.peerGroups) = (before?.tableRead, before?.peerGroups) }
        if let groups = look.peerGroups {
            tables -= 1
            (entry.tableRead, entry.peerGroups) = (now, groups)
        }
        known[inode] = entry
    }

    /// The largest peer group that a namespace has a mount in, counted over all tables that were read.
    private func countPeers() {
        var sizes: [UInt64: Int] = [:]
        for entry in known.values { sizes.merge(entry.peerGroups ?? [:], uniquingKeysWith: +) }
        for (inode, entry) in known {
            known[inode]?.row.peers = entry.peerGroups.map { groups in
                UInt64(groups.keys.compactMap { sizes[$0] }.max() ?? 0)
            }
        }
    }

    private struct Processes {
        let first: Int32
        var count = 1
    }

    /// The processes that may be looked at, by the inode of their mount namespace.
    private func processes() -> [UInt64: Processes] {
        var found: [UInt64: Processes] = [:]
        let numbers: [Int32]
        do throws(Errno) {
            numbers = try Folder("\(root)/proc").names(atMost: limits.processes).compactMap { Int32($0) }.sorted()
        } catch {
            return [:]
        }
        for number in numbers where number > 0 {
            guard let inode = Self.inode("\(root)/proc/\(number)/ns/mnt") else { continue }
            if found[inode] == nil { found[inode] = Processes(first: number) } else { found[inode]?.count += 1 }
        }
        return found
    }

    private static func inode(_ path: String) -> UInt64? {
        do throws(Errno) { return try Folder.Status(of: path).identity.inode } catch { return nil }
    }
}
