import CDisassembler

/// Finds where a function that takes a spinlock goes when the lock is taken: behind `lock cmpxchg` and its branch.
public enum LockSlowPath {
    /// The first instruction of the block that the failed exchange leads to; nil where the form is not known.
    ///
    /// `_raw_spin_lock` of kernel/locking/spinlock.c with `queued_spin_lock` inlined (asm-generic/qspinlock.h).
    public static func block(in function: KernelFunction) -> UInt64? {
        let listing = Listing(function)
        let exchanges = listing.indices.filter { listing.isLockedExchange($0) }
        guard exchanges.count == 1,
            let branch = listing.straight(after: exchanges[0], limit: 4).last, listing[branch].kind == CDIS_BRANCH
        else { return nil }
        guard let block = listing[branch].way(whereEqual: false), let index = listing.index(at: block),
            listing.predecessors(of: index) == 1
        else { return nil }
        return block
    }
}

extension Listing {
    /// `lock cmpxchg %r32, (%rdi)`: f0 0f b1 /r. With one CPU the kernel patches f0 to 3e, which does nothing.
    fileprivate func isLockedExchange(_ index: Int) -> Bool {
        let start = Int(self[index].address - function.start)
        guard function.bytes.count >= start + 4 else { return false }
        let bytes = function.bytes[start..<(start + 4)]
        return [0xF0, 0x3E].contains(bytes[start]) && bytes[start + 1] == 0x0F && bytes[start + 2] == 0xB1
            && bytes[start + 3] & 0xC7 == 0x07
    }
}
