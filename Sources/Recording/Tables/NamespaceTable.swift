import Contention

/// namespaces.csv: mount namespaces that were looked at in an interval.
struct NamespaceCells: RecordCells {
    private var namespace, mounts, peers, processes, events, inode: UInt64?
    private var container: String?

    static let table = RunTable<RecordLine<NamespaceCells>>(
        records: "namespaces.csv",
        [
            .cell("mnt_ns", \NamespaceCells.namespace),
            .cell("mounts", \NamespaceCells.mounts),
            .cell("peers", \NamespaceCells.peers),
            .cell("processes", \NamespaceCells.processes),
            .text("container", \NamespaceCells.container),
            .cell("events", \NamespaceCells.events),
            .cell("mnt_ns_inode", \NamespaceCells.inode),
        ])

    init() {}

    init(_ row: NamespaceRow) {
        (namespace, inode) = (row.key.id, row.key.inode)
        (mounts, peers, processes, events) = (row.mounts, row.peers, row.processes, row.events)
        container = row.container
    }

    static func rows(_ batch: RecordBatch) -> [NamespaceRow] { batch.namespaces }

    func row(of sequence: Int) -> NamespaceRow? {
        NamespaceRow(
            MountNamespace(id: namespace, inode: inode), mounts: mounts, peers: peers, processes: processes,
            container: container, events: events)
    }
}
