import CDisassembler

/// What a place that is not understood might do to a lock: whose counts it might belong to.
public enum Doubt: Sendable, CaseIterable {
    /// Take or give back mount_lock's spinlock, or move its sequence.
    case holder
    /// Read the sequence: wait until it is even, or validate.
    case reader
    /// Use namespace_sem.
    case semaphore
    /// Call a path walk, with a second try that is not known.
    case walk
}

extension Doubt {
    /// Instructions looked at from the test of a sequence to the pause of its loop.
    private static let reach = 16

    /// Doubts the readers whose waits are not seen: an odd sequence leads to no pause that is a spin's, or, under PREEMPT_RT, not
    /// to the lock.
    static func addReaders(_ sites: inout [Site], _ text: TextMap, _ locks: LockAddresses) {
        let spins = Set(sites.filter { $0.kind == .spin }.map(\.address))
        for index in sites.indices where sites[index].kind == .begin {
            let steps = sites[index].odd.map { text.path(from: $0, limit: reach) } ?? []
            let isSeen = steps.contains { step in
                spins.contains(step.instruction.address) || locks.readerLock.map(step.instruction.loads) ?? false
            }
            if !isSeen {
                sites[index].doubts = [.reader]
                sites[index].obstacle = "where an odd sequence leads is not understood"
            }
        }
    }
}
