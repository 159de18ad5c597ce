import CProbe
import SiteMap

/// Where the two locks and their readers are in the running kernel.
///
/// By rule, never by version: symbols where kallsyms has them, otherwise the instructions that use the locks, and then
/// proven before use.
struct KernelMap {
    let symbols: KernelSymbols
    let types: (any KernelTypeReading)?
    /// The sequence of `mount_lock` (fs/namespace.c).
    let mountLock: Finding
    /// `namespace_sem` and the functions of /proc's mount tables that take it (fs/namespace.c `mounts_op`).
    let tables: MountTables
    /// The instructions of `prepend_path` (fs/d_path.c) that take mount_lock's spinlock for its second pass.
    let pathLocks: Finding

    /// Bytes from the sequence to the spinlock.
    let spinlockOffset: Int
    /// Bytes from a task's stack to the registers of its system call; nil where they are not known.
    let userRegisters: UInt64?
    /// Where `_raw_spin_lock` goes when a lock is taken; nil where its form is not known.
    let lockSlowPath: UInt64?
    /// The function that it calls then, one of `SpinlockSlowPaths.names`; nil where it is not known.
    let lockSlowFunction: String?
    /// Whether the kernel refuses kprobes in functions that the function tracer does not reach: all do that have the tracer
    /// and are not built with CONFIG_KPROBE_EVENTS_ON_NOTRACE.
    let sparesUntraced: Bool
    /// Every instruction that uses the locks; or why they are not known.
    let sites: Result<SiteMap, ProbeError>

    /// The symbols that are asked for here; suppliers ask for more.
    static let wantedSymbols: Set<String> = SiteLoader.wantedSymbols.union([
        "_stext", "_etext", "mount_lock", "namespace_sem", "mounts_op", "m_start", "m_stop", "namespace_unlock",
        "down_read", "up_read", "rwsem_down_read_slowpath", "mounts_release",
        "up_write", "downgrade_write", "_raw_spin_lock", "rt_spin_lock", "__legitimize_mnt", "__legitimize_path",
        "lookup_mnt", "handle_dots", "prepend_path", "path_lookupat", "path_openat", "path_parentat",
        "show_mountinfo", "show_vfsmnt", "show_vfsstat", tracerPlaces,
    ]).union(probeChecks).union(FunctionEntries.wantedSymbols).union(SpinlockSlowPaths.names)
        .union(UnprobedMemory.wantedSymbols)

    /// - Parameters:
    ///   - memory: nil without the privilege to read it; then only symbols are known.
    ///   - sitesRefusal: why the sites are not to be looked for, which takes a quarter of a second; nil where they are.
    ///   - touch: makes the kernel run a write section of mount_lock; returns 0 or a negative errno.
    init(
        symbols: KernelSymbols, types: (any KernelTypeReading)?, memory: (any KernelReading)?,
        touch: @escaping () -> Int32 = cprobe_touch_mount_lock, sitesRefusal: Finding? = nil,
        table: () throws(ProbeError) -> SymbolTable
    ) {
        let memory = memory.map { UnprobedMemory($0, symbols) }
        self.symbols = symbols
        self.types = types
        let offset = types?.offset(of: "lock", in: "seqlock_t") ?? 4
        let locks = LockFinder(symbols: symbols, memory: memory, spinlockOffset: offset, touch: touch)
        mountLock = locks.findMountLock()
        pathLocks = locks.findPathLocks(mountLock: mountLock)
        tables = MountTableFinder(
            symbols: symbols, memory: memory, privateOffset: types?.offset(of: "private", in: "seq_file")
        ).find()
        spinlockOffset = offset
        userRegisters = memory?.userRegisters()
        lockSlowPath = symbols.only(named: "_raw_spin_lock").flatMap { lock in
            memory?.bytes(at: lock.address, count: Int(min(max(lock.end - lock.address, 1), 256))).flatMap { bytes in
                LockSlowPath.block(in: KernelFunction(name: lock.name, start: lock.address, bytes: bytes))
            }
        }
        lockSlowFunction = symbols.only(named: "_raw_spin_lock").flatMap { memory?.text(of: $0) }.flatMap { text in
            SpinlockSlowPaths.names.sorted().first { name in
                symbols.only(named: name).map { !text.calls(to: $0.address).isEmpty } ?? false
            }
        }
        sparesUntraced = Self.asksTracer(symbols, memory)
        guard let sequence = mountLock.address, let memory, !symbols.addressesHidden, sitesRefusal == nil else {
            let why = sitesRefusal ?? (memory == nil ? Finding.needsMemory : mountLock)
            sites = .failure(ProbeError(.unavailable, why.reason, hint: why.hint))
            return
        }
        let loader = SiteLoader(
            symbols: symbols, memory: memory, mountLock: sequence, spinlockOffset: offset,
            namespaceSem: tables.namespaceSem.address)
        sites = Result { () throws(ProbeError) in try loader.load(table: table) }
    }

    /// Where a new kprobe is held against the function tracer's places, if it is (kernel/trace/trace_kprobe.c): the functions
    /// that may hold the call, for compilers inline some into others.
    private static let probeChecks: Set<String> = [
        "__register_trace_kprobe", "within_notrace_func", "__within_notrace_func", "register_trace_kprobe",
    ]
    private static let tracerPlaces = "ftrace_location_range"

    private static func asksTracer(_ symbols: KernelSymbols, _ memory: (any KernelReading)?) -> Bool {
        guard let places = symbols.only(named: tracerPlaces), let memory else { return false }
        return probeChecks.sorted().flatMap(symbols.parts).contains { check in
            memory.text(of: check).map { !$0.calls(to: places.address).isEmpty } ?? false
        }
    }

    var namespaceSem: Finding { tables.namespaceSem }

    /// Whether programs may look into what a pointer leads to without a call (bpf_rdonly_cast, since 6.2).
    var hasCasts: Bool { types?.function("bpf_rdonly_cast") != nil }

    /// PREEMPT_RT: spinlocks and semaphores are rtmutexes.
    var isRealtime: Bool { symbols.only(named: "rt_spin_lock") != nil }

    /// `prepend_path+0x54`; nil where an address lies in no function that is known.
    func describe(_ address: UInt64) -> String? {
        if symbols.symbol(at: address) != nil { return symbols.describe(address) }
        guard case .success(let map) = sites, let place = map.place(of: address) else { return nil }
        return place.offset == 0 ? place.function : "\(place.function)+0x\(String(place.offset, radix: 16))"
    }

    /// The blocks that run only when a validation of a function fails; missing where one cannot be told from others.
    func failures(in function: String) -> Finding {
        blocks("validation in \(function)") { $0.kind == .validate && $0.baseName == function }
    }

    /// The blocks that begin a walk anew.
    func redoneWalks(_ walk: PathWalk) -> Finding {
        blocks("second try of \(walk.rawValue)") { $0.kind == .redoneWalk && $0.callee == walk.rawValue }
    }

    private func blocks(_ what: String, _ wanted: (Site) -> Bool) -> Finding {
        switch sites {
        case .failure(let error): return .missing(reason: error.message, hint: error.hint)
        case .success(let map):
            let found = map.sites.filter(wanted)
            guard !found.isEmpty else { return .missing(reason: "no \(what) is known in this kernel's text") }
            // Other code may jump to a block that only returns an error: the program then compares the sequence, so such a block can
            // be probed. A failure that tries again needs no block of its own: the second try succeeds, or reaches another block.
            let blocks = found.filter { $0.obstacle.isEmpty || $0.failsWithError }
            if let odd = found.first(where: { !$0.obstacle.isEmpty && !$0.failsWithError && !$0.triesAgain }) {
                return .missing(
                    reason: "a \(what) has no instruction of its own: \(odd.obstacle) at "
                        + "\(odd.function)+0x\(String(odd.offset, radix: 16))")
            }
            guard !blocks.isEmpty else { return .missing(reason: "no \(what) has a block of its own") }
            return .found(Array(Set(blocks.compactMap(\.failure))).sorted())
        }
    }

    /// What the BPF programs must know.
    /// - Parameter walks: those whose second tries are counted where a validation fails.
    func configuration(dotdot: ms_dotdot, walks: Set<PathWalk> = []) -> ms_config {
        var config = ms_config()
        config.mount_lock = mountLock.address ?? 0
        config.text = text
        config.table_show = tableShow
        config.legitimize_mnt = parts(of: "__legitimize_mnt")
        config.legitimize_path = parts(of: "__legitimize_path")
        config.lookup_mnt = parts(of: "lookup_mnt")
        config.handle_dots = parts(of: "handle_dots")
        func function(_ walk: PathWalk) -> ms_function {
            walks.contains(walk) ? parts(of: walk.rawValue) : ms_function()
        }
        config.walks = (function(.lookup), function(.open), function(.parent))
        config.dotdot = dotdot.rawValue
        return config
    }

    /// The kernel's text; 0 where an end of it is not known.
    var text: ms_range {
        ms_range(
            start: symbols.only(named: "_stext")?.address ?? 0, end: symbols.only(named: "_etext")?.address ?? 0)
    }

    /// The functions that print the lines of the mount tables, by `ms_table`; 0 where one is not known.
    var tableShow: (UInt64, UInt64, UInt64) {
        func address(_ name: String) -> UInt64 { symbols.only(named: name)?.address ?? 0 }
        return (address("show_mountinfo"), address("show_vfsmnt"), address("show_vfsstat"))
    }

    private func parts(of name: String) -> ms_function {
        var function = ms_function()
        withUnsafeMutableBytes(of: &function) { bytes in
            let ranges = bytes.bindMemory(to: ms_range.self)
            for (index, symbol) in symbols.parts(of: name).prefix(ranges.count).enumerated() {
                ranges[index] = ms_range(start: symbol.address, end: symbol.end)
            }
        }
        return function
    }
}
