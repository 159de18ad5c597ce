import CWorkload
import Glibc

/// Bind mount and umount of a directory.
final class BindOperation: Operation {
    private(set) var counts = OperationCounts()
    private let source: CPath
    private let target: CPath
    private let umountFlags: Int32

    init(pair: LoadTree.Pair, detach: Bool) {
        source = CPath(pair.source)
        target = CPath(pair.target)
        umountFlags = detach ? Int32(MNT_DETACH) : 0
    }

    func perform() throws(WorkloadError) {
        guard mount(source.pointer, target.pointer, nil, UInt(MS_BIND), nil) == 0 else {
            throw WorkloadError(call: "mount(MS_BIND)", path: target.text, errorNumber: errno)
        }
        counts.mountCalls += 1
        guard umount2(target.pointer, umountFlags) == 0 else {
            throw WorkloadError(call: "umount2", path: target.text, errorNumber: errno)
        }
        counts.umountCalls += 1
        counts.operations += 1
    }
}

/// Toggles a bind mount between read-only, which comes first, and read-write.
final class RemountOperation: Operation {
    private(set) var counts = OperationCounts()
    private let target: CPath
    private let flags = UInt(MS_REMOUNT | MS_BIND)
    private var readOnly = UInt(MS_RDONLY)

    init(target: String) {
        self.target = CPath(target)
    }

    func perform() throws(WorkloadError) {
        guard mount(nil, target.pointer, nil, flags | readOnly, nil) == 0 else {
            throw WorkloadError(call: "mount(MS_REMOUNT|MS_BIND)", path: target.text, errorNumber: errno)
        }
        readOnly ^= UInt(MS_RDONLY)
        counts.mountCalls += 1
        counts.operations += 1
    }
}

/// A child process that unshares its mount namespace and exits.
final class UnshareOperation: Operation {
    private(set) var counts = OperationCounts()

    func perform() throws(WorkloadError) {
        let errorNumber = workload_child_unshares_mounts()
        guard errorNumber == 0 else {
            throw WorkloadError(call: "vfork or unshare(CLONE_NEWNS) of a child process", errorNumber: errorNumber)
        }
        counts.operations += 1
    }
}
