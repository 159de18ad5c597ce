import CProbe

/// Finds `mount_lock` and the places where its spinlock is taken.
struct LockFinder {
    let symbols: KernelSymbols
    let memory: (any KernelReading)?
    /// Bytes from the sequence to the spinlock: 4, or 16 under PREEMPT_RT.
    let spinlockOffset: Int
    /// Makes the kernel run a write section of mount_lock. Returns 0 or a negative errno.
    var touch: () -> Int32 = cprobe_touch_mount_lock

    /// By its symbol; otherwise by the instructions of `__legitimize_mnt`, and then it must move when a mount is
    /// copied and dropped.
    func findMountLock() -> Finding {
        guard !symbols.addressesHidden else { return Finding.needsAddresses }
        if let symbol = symbols.only(named: "mount_lock") { return .found([symbol.address]) }
        guard let memory else { return Finding.needsMemory }
        guard let function = symbols.only(named: "__legitimize_mnt"), let text = memory.text(of: function) else {
            return .missing(reason: "neither mount_lock nor __legitimize_mnt is in /proc/kallsyms")
        }
        guard let candidate = candidate(in: text) else {
            return .missing(reason: "the instructions of __legitimize_mnt do not agree on where mount_lock is")
        }
        return prove(candidate, memory)
    }

    /// The word that `__legitimize_mnt` loads, moves, and takes the spinlock behind: three forms that must agree.
    private func candidate(in text: KernelText) -> UInt64? {
        let loaded = Set(text.globalLoads().map(\.operand))
        let moved = Set(text.globalIncrements().map(\.operand))
        let locked = Set(spinlockCalls(in: text).map { $0.load.operand &- UInt64(spinlockOffset) })
        let agreed = loaded.intersection(moved).intersection(locked)
        return agreed.count == 1 ? agreed.first : nil
    }

    private func spinlockCalls(in text: KernelText) -> [(load: KernelText.Instruction, call: KernelText.Instruction)] {
        spinlocks.flatMap { text.argumentLoads(beforeCallsOf: $0) }
    }

    /// Other globals have the shape of a seqlock; only mount_lock moves, by two a write section, with a mount of ours.
    private func prove(_ address: UInt64, _ memory: any KernelReading) -> Finding {
        guard let before = memory.word(at: address) else {
            return .missing(reason: "the word that is likely mount_lock cannot be read")
        }
        let error = touch()
        guard error == 0 else {
            return .missing(
                reason: "mount_lock was found but not proven: open_tree failed: \(errnoText(error))",
                hint: ProbeError.needsRoot)
        }
        guard let after = memory.word(at: address), after &- before >= 2, after &- before < 1 << 31 else {
            return .missing(reason: "the word that looks like mount_lock does not move when a mount is copied")
        }
        return .found([address])
    }

    /// Where `prepend_path` begins to take the spinlock: only its second pass does (fs/d_path.c, read_seqlock_excl).
    func findPathLocks(mountLock: Finding) -> Finding {
        guard case .found(let lock) = mountLock else { return mountLock }
        guard let memory else { return Finding.needsMemory }
        let texts = symbols.parts(of: "prepend_path").compactMap { memory.text(of: $0) }
        guard !texts.isEmpty else { return .missing(reason: "prepend_path is not in /proc/kallsyms") }
        let spinlock = lock[0] + UInt64(spinlockOffset)
        var places = Set(
            texts.flatMap { spinlockCalls(in: $0) }.filter { $0.load.operand == spinlock }.map(\.load.address))
        if places.isEmpty {
            // Somebody's kprobe may stand on the load, a second mountscope's for one. The function takes two locks: if the
            // argument of just one is hidden so, it is this one, and the instruction behind the call serves as well.
            places = Set(
                spinlocks.flatMap { lock in texts.flatMap { $0.callsWithProbedArgument(of: lock) } }.map(\.next))
            guard places.count == 1 else {
                return .missing(reason: "no instruction of prepend_path takes mount_lock's spinlock in a known form")
            }
        }
        return .found(places.sorted())
    }

    /// The functions that take a spinlock; the second under PREEMPT_RT.
    private var spinlocks: [UInt64] {
        ["_raw_spin_lock", "rt_spin_lock"].compactMap { symbols.only(named: $0)?.address }
    }
}
