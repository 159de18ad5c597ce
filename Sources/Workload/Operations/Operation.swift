/// What threads of one kind did.
public struct OperationCounts: Equatable, Sendable {
    /// Operations that were done in full.
    public internal(set) var operations: UInt64 = 0
    /// mount() calls.
    public internal(set) var mountCalls: UInt64 = 0
    /// umount2() calls.
    public internal(set) var umountCalls: UInt64 = 0
    /// read() calls, the last one of each scan, which returns 0, included.
    public internal(set) var readCalls: UInt64 = 0
    /// Bytes read.
    public internal(set) var bytes: UInt64 = 0

    /// Nothing done.
    public init() {}

    /// Adds what another thread did.
    mutating func add(_ other: OperationCounts) {
        operations += other.operations
        mountCalls += other.mountCalls
        umountCalls += other.umountCalls
        readCalls += other.readCalls
        bytes += other.bytes
    }
}

/// The work of one thread. It is made in that thread, with everything prepared that the hot loop needs, and counts
/// in its own memory, so that threads meet in the kernel only.
protocol Operation: AnyObject {
    var counts: OperationCounts { get }

    /// Does the operation once.
    func perform() throws(WorkloadError)
}

extension LoadPlan {
    /// The work of the `index`th thread of a kind; called in that thread.
    /// - Parameter isStopped: whether an operation that takes long is to be given up.
    func makeOperation(
        _ kind: LoadKind, index: Int, in tree: LoadTree, isStopped: @escaping () -> Bool
    ) throws(WorkloadError) -> any Operation {
        let chain = tree.chain(for: kind, index: index)
        return switch kind {
        case .bind: BindOperation(pair: tree.pair(index: index), detach: detach)
        case .remount: RemountOperation(target: chain.outer)
        case .stat: StatOperation(path: chain.file)
        case .open: OpenOperation(path: chain.file)
        case .dotdot: StatOperation(path: chain.dotdot)
        case .refwalk: StatOperation(path: chain.refwalk)
        case .getcwd: try GetcwdOperation(directory: chain.leaf)
        case .mountinfo: MountTableScan(file: tableFile, bufferBytes: bufferBytes, isStopped: isStopped)
        case .unshare: UnshareOperation()
        }
    }
}
