import CProbe

/// Something of the kernel that was looked for: where it is, or why it is not known.
enum Finding: Sendable {
    /// One or several addresses, ascending.
    case found([UInt64])
    case missing(reason: String, hint: String = "")

    var address: UInt64? {
        if case .found(let addresses) = self { addresses.first } else { nil }
    }
}

/// Where the two locks and their readers are in the running kernel.
///
/// By rule, never by version: symbols where kallsyms has them, otherwise the instructions that use the locks, and then
/// proven before use.
struct KernelMap {
    let symbols: KernelSymbols
    let types: (any KernelTypeReading)?
    /// The sequence of `mount_lock` (fs/namespace.c).
    let mountLock: Finding
    /// `namespace_sem` (fs/namespace.c).
    let namespaceSem: Finding
    /// `m_start` of the mount tables (fs/namespace.c `mounts_op`), its first instruction.
    let tableStart: Finding
    /// The instruction of `m_start` behind its call of `down_read`.
    let tableAcquired: Finding
    /// `m_stop` of the mount tables, its first instruction.
    let tableStop: Finding
    /// The instructions of `prepend_path` (fs/d_path.c) that take mount_lock's spinlock for its second pass.
    let pathLocks: Finding

    /// Every symbol that any rule asks for.
    static let wantedSymbols: Set<String> = [
        "_stext", "_etext", "mount_lock", "namespace_sem", "mounts_op", "m_start", "m_stop", "namespace_unlock",
        "down_read", "up_read",
        "up_write", "downgrade_write", "_raw_spin_lock", "rt_spin_lock", "__legitimize_mnt", "__legitimize_path",
        "lookup_mnt", "handle_dots", "prepend_path", "path_lookupat", "path_openat", "path_parentat",
        "show_mountinfo", "show_vfsmnt", "show_vfsstat",
    ]

    /// - Parameters:
    ///   - memory: nil without the privilege to read it; then only symbols are known.
    ///   - touch: makes the kernel run a write section of mount_lock; returns 0 or a negative errno.
    init(
        symbols: KernelSymbols, types: (any KernelTypeReading)?, memory: (any KernelReading)?,
        touch: @escaping () -> Int32 = cprobe_touch_mount_lock
    ) {
        self.symbols = symbols
        self.types = types
        let offset = types?.offset(of: "lock", in: "seqlock_t") ?? 4
        let locks = LockFinder(symbols: symbols, memory: memory, spinlockOffset: offset, touch: touch)
        mountLock = locks.findMountLock()
        pathLocks = locks.findPathLocks(mountLock: mountLock)
        let tables = MountTableFinder(symbols: symbols, memory: memory)
        let found = tables.find()
        namespaceSem = found.namespaceSem
        tableStart = found.start
        tableAcquired = found.acquired
        tableStop = found.stop
    }

    /// What the BPF programs must know.
    func configuration(countingDotdot: Bool) -> ms_config {
        var config = ms_config()
        config.mount_lock = mountLock.address ?? 0
        config.text = ms_range(
            start: symbols.only(named: "_stext")?.address ?? 0, end: symbols.only(named: "_etext")?.address ?? 0)
        config.table_show = (
            symbols.only(named: "show_mountinfo")?.address ?? 0, symbols.only(named: "show_vfsmnt")?.address ?? 0,
            symbols.only(named: "show_vfsstat")?.address ?? 0
        )
        config.legitimize_mnt = parts(of: "__legitimize_mnt")
        config.legitimize_path = parts(of: "__legitimize_path")
        config.lookup_mnt = parts(of: "lookup_mnt")
        config.handle_dots = parts(of: "handle_dots")
        config.count_dotdot = countingDotdot ? 1 : 0
        return config
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
