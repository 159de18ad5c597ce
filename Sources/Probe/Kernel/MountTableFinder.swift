import SiteMap

/// The functions that take and release `namespace_sem` for /proc's mount tables (fs/namespace.c `mounts_op`).
struct MountTables {
    var namespaceSem: Finding
    /// `m_start`, its first instruction.
    var start: Finding
    /// The instruction of `m_start` behind its call of `down_read`.
    var acquired: Finding
    /// `m_stop`, its first instruction.
    var stop: Finding
    /// Where kprobes on the first instructions of the two go instead, where the kernel makes jumps of them.
    var startPoint: EntryPoint?
    /// Where it can be behind the load of the `struct proc_mounts`.
    var stopPoint: EntryPoint?
    /// `mounts_release`, at the close of a table's file.
    var release: (first: Finding, point: EntryPoint?) = (.missing(reason: "mounts_release is not known"), nil)
}

/// Finds them and the semaphore.
///
/// Kernels have several functions of these names (modules, NUMA maps, swaps): a name is never enough. The right pair is
/// the one that `mounts_op` names; and in every case the one whose instructions use namespace_sem.
struct MountTableFinder {
    let symbols: KernelSymbols
    let memory: (any KernelReading)?
    /// Byte offset of `private` in struct seq_file (include/linux/seq_file.h); nil where it is not known.
    let privateOffset: Int?

    func find() -> MountTables {
        guard !symbols.addressesHidden else { return all(Finding.needsAddresses) }
        let semaphore = symbols.only(named: "namespace_sem")?.address
        guard let memory else {
            var result = all(Finding.needsMemory)
            if let semaphore { result.namespaceSem = .found([semaphore]) }
            return result
        }
        guard let downRead = symbols.only(named: "down_read")?.address else {
            return all(.missing(reason: "down_read is not in /proc/kallsyms"))
        }
        let candidates = startCandidates(memory).compactMap { symbol -> (KernelSymbol, [UInt64: UInt64])? in
            memory.text(of: symbol).map { text in (symbol, calls(of: downRead, in: text, vouched: semaphore)) }
        }
        guard let found = semaphore ?? agreedSemaphore(candidates.map(\.1), memory) else {
            return all(.missing(reason: "namespace_unlock and m_start do not agree on where namespace_sem is"))
        }
        let starts = candidates.filter { $0.1[found] != nil }
        guard starts.count == 1, let acquired = starts[0].1[found] else {
            var result = all(.missing(reason: "no single m_start takes namespace_sem"))
            result.namespaceSem = .found([found])
            return result
        }
        let stop = findStop(found, memory)
        let release = symbols.only(named: "mounts_release")
        return MountTables(
            namespaceSem: .found([found]), start: .found([starts[0].0.address]), acquired: .found([acquired]),
            stop: stop,
            startPoint: point(starts[0].0, nil, sparing: found, memory),
            stopPoint: stop.address.flatMap(symbols.symbol).flatMap {
                point($0, privateOffset, sparing: found, memory)
            },
            release: release.map { (.found([$0.address]), point($0, nil, sparing: found, memory)) }
                ?? (.missing(reason: "no single mounts_release is in /proc/kallsyms"), nil))
    }

    private func point(
        _ symbol: KernelSymbol, _ member: Int?, sparing semaphore: UInt64, _ memory: any KernelReading
    ) -> EntryPoint? {
        memory.text(of: symbol).flatMap { text in
            let function = KernelFunction(name: symbol.name, start: text.start, bytes: text.bytes)
            return EntryPoint.find(in: function, loading: member, sparing: [semaphore])
        }
    }

    /// The pointer in `mounts_op` (struct seq_operations: start, stop, next, show); otherwise everything named so.
    private func operation(_ name: String, slot: UInt64, _ memory: any KernelReading) -> [KernelSymbol] {
        let named = symbols.parts(of: name)
        guard let table = symbols.only(named: "mounts_op"), let target = memory.pointer(at: table.address + 8 * slot)
        else {
            return named
        }
        return named.filter { $0.address == target }
    }

    private func startCandidates(_ memory: any KernelReading) -> [KernelSymbol] {
        operation("m_start", slot: 0, memory)
    }

    /// Semaphores that a text hands to a function, each with the instruction behind the call.
    ///
    /// A kprobe of somebody else may hide the load of the argument. Then `mounts_op`, which names the function, and the
    /// symbol of the semaphore vouch for the only call there is.
    private func calls(of function: UInt64, in text: KernelText, vouched semaphore: UInt64?) -> [UInt64: UInt64] {
        let pairs = text.argumentLoads(beforeCallsOf: function).map { ($0.load.operand, $0.call.next) }
        let hidden = text.callsWithProbedArgument(of: function)
        if let semaphore, pairs.isEmpty, hidden.count == 1, symbols.only(named: "mounts_op") != nil {
            return [semaphore: hidden[0].next]
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Without a symbol: what `namespace_unlock` releases and exactly one `m_start` acquires.
    private func agreedSemaphore(_ acquired: [[UInt64: UInt64]], _ memory: any KernelReading) -> UInt64? {
        guard let unlock = symbols.only(named: "namespace_unlock"), let text = memory.text(of: unlock) else {
            return nil
        }
        let released = ["up_write", "up_read", "downgrade_write"].compactMap { symbols.only(named: $0)?.address }
            .flatMap { text.argumentLoads(beforeCallsOf: $0).map(\.load.operand) }
        let agreed = acquired.flatMap(\.keys).filter { Set(released).contains($0) }
        return agreed.count == 1 ? agreed[0] : nil
    }

    private func findStop(_ semaphore: UInt64, _ memory: any KernelReading) -> Finding {
        guard let upRead = symbols.only(named: "up_read")?.address else {
            return .missing(reason: "up_read is not in /proc/kallsyms")
        }
        let stops = operation("m_stop", slot: 1, memory).filter { symbol in
            memory.text(of: symbol).map { calls(of: upRead, in: $0, vouched: semaphore)[semaphore] != nil } ?? false
        }
        guard stops.count == 1 else { return .missing(reason: "no single m_stop releases namespace_sem") }
        return .found([stops[0].address])
    }

    private func all(_ finding: Finding) -> MountTables {
        MountTables(namespaceSem: finding, start: finding, acquired: finding, stop: finding)
    }
}
