/// What an actor read of one mount table of one namespace: the pages of an open file joined from the first read to the end
/// or to the close. Of statmount and listmount a scan is one call.
public struct ScanRow: RecordRow {
    /// What is read.
    public enum Table: String, Sendable, CaseIterable {
        case mountinfo, mounts, mountstats, statmount, listmount
    }

    public struct Key: Hashable, Sendable {
        /// `ActorRow.number`
        public let actor: Int
        public let table: Table
        /// Whose mounts are listed.
        public let namespace: MountNamespace

        public init(actor: Int, table: Table, namespace: MountNamespace) {
            self.actor = actor
            self.table = table
            self.namespace = namespace
        }
    }

    public let key: Key
    /// Scans to the end of the table.
    public var complete: UInt64?
    /// Scans that were closed or begun again before the end.
    public var abandoned: UInt64?
    /// Complete scans although nothing had changed since the same reader's last one.
    public var redundant: UInt64?
    /// Scans of a reader that poll(2) told of a change.
    public var polled: UInt64?
    /// Reads that returned a page; each holds namespace_sem once.
    public var pages: UInt64?
    /// Mounts of the table, added up over complete scans.
    public var mounts: UInt64?
    public var bytes: UInt64?
    /// Bytes that the reader offers a read call: those of the latest scan. Not a difference.
    public var buffer: UInt64?
    /// Nanoseconds that namespace_sem was held, all pages added up.
    public var hold: UInt64?
    /// Nanoseconds, the longest hold of a scan. In a batch only where it was longer than every one before.
    public var holdMaximum: UInt64?
    /// Nanoseconds from a scan's first page to its last, added up.
    public var wall: UInt64?
    /// Nanoseconds, the longest scan. In a batch only where it was longer than every one before.
    public var wallMaximum: UInt64?

    public init(_ key: Key) { self.key = key }

    public func since(_ earlier: ScanRow) -> ScanRow? {
        var arithmetic = RowArithmetic()
        var row = ScanRow(key)
        row.complete = arithmetic.difference(complete, earlier.complete)
        row.abandoned = arithmetic.difference(abandoned, earlier.abandoned)
        row.redundant = arithmetic.difference(redundant, earlier.redundant)
        row.polled = arithmetic.difference(polled, earlier.polled)
        row.pages = arithmetic.difference(pages, earlier.pages)
        row.mounts = arithmetic.difference(mounts, earlier.mounts)
        row.bytes = arithmetic.difference(bytes, earlier.bytes)
        row.buffer = buffer
        row.hold = arithmetic.difference(hold, earlier.hold)
        row.holdMaximum = arithmetic.newMaximum(holdMaximum, earlier.holdMaximum)
        row.wall = arithmetic.difference(wall, earlier.wall)
        row.wallMaximum = arithmetic.newMaximum(wallMaximum, earlier.wallMaximum)
        return arithmetic.isImpossible ? nil : row
    }

    public func adding(_ later: ScanRow) -> ScanRow? {
        var arithmetic = RowArithmetic()
        var row = ScanRow(key)
        row.complete = arithmetic.sum(complete, later.complete)
        row.abandoned = arithmetic.sum(abandoned, later.abandoned)
        row.redundant = arithmetic.sum(redundant, later.redundant)
        row.polled = arithmetic.sum(polled, later.polled)
        row.pages = arithmetic.sum(pages, later.pages)
        row.mounts = arithmetic.sum(mounts, later.mounts)
        row.bytes = arithmetic.sum(bytes, later.bytes)
        row.buffer = later.buffer ?? buffer
        row.hold = arithmetic.sum(hold, later.hold)
        row.holdMaximum = arithmetic.maximum(holdMaximum, later.holdMaximum)
        row.wall = arithmetic.sum(wall, later.wall)
        row.wallMaximum = arithmetic.maximum(wallMaximum, later.wallMaximum)
        return arithmetic.isImpossible ? nil : row
    }

    /// Scans that ended, either way; nil where one of both is not known.
    public var scans: UInt64? {
        guard let complete, let abandoned else { return nil }
        return complete.adding(abandoned)
    }
}
