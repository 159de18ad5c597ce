import CDisassembler

/// A call that mount_lock's spinlock is handed to, or the store that stands for it.
struct SpinlockUse {
    /// The instruction that the site is at: where the address is loaded, or the call where several loads or ways lead there.
    let place: Int
    /// The call, tail jump or store.
    let end: Int
    /// Whether it takes the lock; or else gives it back.
    let takes: Bool
}

/// Finds what becomes of the spinlock's address once it has been loaded.
struct SpinlockUses {
    let listing: Listing
    let locks: LockAddresses

    /// Instructions looked at from a load to the call.
    private static let reach = 10

    /// The uses of what is loaded at `index`; empty where it is not loaded there, or where one of its uses is not known.
    func uses(ofLoadAt index: Int) -> [SpinlockUse] {
        // `movb $0, LOCK`: given back without a call, as where pv_ops are not asked (clang, CONFIG_UNINLINE_SPIN_UNLOCK unset).
        if listing[index].clearsByte(atAddress: locks.spinlock), !locks.blind.contains(.release) {
            return [SpinlockUse(place: index, end: index, takes: false)]
        }
        let found = listing.arguments(of: locks.spinlock, loadedAt: index, find: uses(ofArgumentAt:))
        return found.contains { locks.blind.contains($0.takes ? .take : .release) } ? [] : found
    }

    /// The uses of an argument that is complete behind `index`.
    private func uses(ofArgumentAt index: Int) -> [SpinlockUse] {
        if let use = straightUse(index) { return [use] }
        // Behind a branch: only where every way gives the lock back.
        let ends = listing.calls(reachedFrom: index, keeping: 7, limit: 32, orStopping: isInlinedUnlock)
        let releases = ends.allSatisfy {
            isInlinedUnlock($0) || LockAddresses.spinlockReleases.contains(callee($0))
        }
        return releases ? ends.map { SpinlockUse(place: $0, end: $0, takes: false) } : []
    }

    private func straightUse(_ index: Int) -> SpinlockUse? {
        let path = listing.straight(after: index, limit: Self.reach)
        if let stored = path.first(where: { isInlinedUnlock($0) }) {
            return SpinlockUse(place: index, end: stored, takes: false)
        }
        guard let end = path.last, !path.contains(where: { listing[$0].writes(7) }) else { return nil }
        let isCall = listing[end].kind == CDIS_CALL
        guard isCall || listing[end].kind == CDIS_JUMP else { return nil }
        if LockAddresses.spinlockReleases.contains(callee(end)) {
            return SpinlockUse(place: index, end: end, takes: false)
        }
        guard isCall, LockAddresses.spinlockAcquires.contains(callee(end)) else { return nil }
        return SpinlockUse(place: index, end: end, takes: true)
    }

    private func callee(_ index: Int) -> String { locks.callee(of: listing[index]) }

    /// `movb $0, (%rdi)`: a kernel before 5.11 patches it over the call of `_raw_spin_unlock`.
    private func isInlinedUnlock(_ index: Int) -> Bool { listing[index].clearsByte(at: 7) }
}

/// Every use of mount_lock's spinlock, and what is done while it is held.
struct SpinlockMap {
    /// By the address of the instruction that loads the lock's; empty where a use is not known.
    private(set) var uses: [UInt64: [SpinlockUse]] = [:]
    /// By the address of the call that takes it.
    private(set) var sections: [UInt64: Section] = [:]
    /// Where write sections begin: the moves of the sequence behind the calls that take the lock.
    private(set) var begins: Set<UInt64> = []
    /// Where sections end that leave the sequence alone.
    private(set) var exclusiveEnds: Set<UInt64> = []

    /// - Parameter references: places of four bytes that refer to a lock, by the start of their function.
    init(_ text: TextMap, locks: LockAddresses, references: [UInt64: [UInt64]]) {
        var takes: [UInt64: UInt64] = [:]
        var ends: [UInt64: Bool] = [:]
        // Whoever has the sequence's address in a register can move it without naming it.
        var handingOut: Set<String> = []
        for listing in text.listings {
            let finder = SpinlockUses(listing: listing, locks: locks)
            for index in Set((references[listing.function.start] ?? []).compactMap(listing.index(holding:))) {
                let found = finder.uses(ofLoadAt: index)
                uses[listing[index].address] = found
                if listing[index].registerLoaded(with: locks.sequence) != nil {
                    handingOut.insert(listing.function.baseName)
                }
                for use in found {
                    let end = listing[use.end]
                    ends[end.address] = !use.takes
                    if use.takes { takes[end.address] = end.next }
                }
            }
        }
        for (call, next) in takes {
            let section = Section(from: next, in: text, locks: locks, ends: ends)
            let function = text.listing(holding: call)?.function.baseName
            if section.isExclusive, function.map(handingOut.contains) ?? true { continue }
            sections[call] = section
            if section.writes { begins.formUnion(section.moves) }
            if section.isExclusive { exclusiveEnds.formUnion(section.releases) }
        }
    }
}

extension Listing {
    /// What an address is used for once it is an argument; empty where it is not loaded at `index`, or where one of its uses is
    /// not known.
    ///
    /// Kept in another register it becomes an argument where that is copied to %rdi.
    /// - Parameter find: the uses of an argument that is complete behind an instruction.
    func arguments<Use>(of lock: UInt64, loadedAt index: Int, find: (Int) -> [Use]) -> [Use] {
        guard let register = self[index].registerLoaded(with: lock) else { return [] }
        if register == 7 { return find(index) }
        let uses = copies(of: register, to: 7, reachedFrom: index)?.map(find) ?? []
        return uses.contains { $0.isEmpty } ? [] : uses.flatMap { $0 }
    }
}
