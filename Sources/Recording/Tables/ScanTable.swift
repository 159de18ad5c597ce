import Contention

/// scans.csv: what an actor read of a mount table over an interval.
struct ScanCells: RecordCells {
    private var actor, namespace, complete, abandoned, redundant, polled, pages, mounts, bytes, buffer: UInt64?
    private var hold, holdMaximum, wall, wallMaximum, inode: UInt64?
    private var name: String?

    static let table = RunTable<RecordLine<ScanCells>>(records: "scans.csv", scans + times)

    private static let scans: [RunColumn<RecordLine<ScanCells>>] = [
        .cell("actor", \ScanCells.actor),
        .text("table", \ScanCells.name),
        .cell("mnt_ns", \ScanCells.namespace),
        .cell("complete", \ScanCells.complete),
        .cell("abandoned", \ScanCells.abandoned),
        .cell("redundant", \ScanCells.redundant),
        .cell("polled", \ScanCells.polled),
        .cell("pages", \ScanCells.pages),
        .cell("mounts", \ScanCells.mounts),
        .cell("bytes", \ScanCells.bytes),
        .cell("buffer", \ScanCells.buffer),
    ]
    private static let times: [RunColumn<RecordLine<ScanCells>>] = [
        .cell("hold_ns", \ScanCells.hold),
        .cell("hold_max_ns", \ScanCells.holdMaximum),
        .cell("wall_ns", \ScanCells.wall),
        .cell("wall_max_ns", \ScanCells.wallMaximum),
        .cell("mnt_ns_inode", \ScanCells.inode),
    ]

    init() {}

    init(_ row: ScanRow) {
        actor = UInt64(max(0, row.key.actor))
        name = row.key.table.rawValue
        (namespace, inode) = (row.key.namespace.id, row.key.namespace.inode)
        (complete, abandoned, redundant, polled) = (row.complete, row.abandoned, row.redundant, row.polled)
        (pages, mounts, bytes, buffer) = (row.pages, row.mounts, row.bytes, row.buffer)
        (hold, holdMaximum, wall, wallMaximum) = (row.hold, row.holdMaximum, row.wall, row.wallMaximum)
    }

    static func rows(_ batch: RecordBatch) -> [ScanRow] { batch.scans }

    func row(of sequence: Int) -> ScanRow? {
        guard let actor = actor.flatMap({ Int(exactly: $0) }), let table = name.flatMap(ScanRow.Table.init(rawValue:))
        else { return nil }
        var row = ScanRow(
            ScanRow.Key(actor: actor, table: table, namespace: MountNamespace(id: namespace, inode: inode)))
        (row.complete, row.abandoned, row.redundant, row.polled) = (complete, abandoned, redundant, polled)
        (row.pages, row.mounts, row.bytes, row.buffer) = (pages, mounts, bytes, buffer)
        (row.hold, row.holdMaximum, row.wall, row.wallMaximum) = (hold, holdMaximum, wall, wallMaximum)
        return row
    }
}
