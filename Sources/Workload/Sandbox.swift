import CWorkload
import Glibc

/// The private mount namespace of a load, with its tree. Nothing is taken away at the end: the namespace goes with
/// the last process in it, however that ends, and nothing outside ever saw it.
struct Sandbox {
    let tree: LoadTree
    /// mount() calls made in set-up.
    let mountCalls: Int
    /// read() calls of the mount table made in set-up.
    let readCalls: UInt64
    /// Lines of mountinfo when the set-up was done.
    let mountsInNamespace: Int

    /// /proc is never covered: the load reads its mount table there. A bare initramfs may have no more than /dev.
    private static let candidates = ["/tmp", "/mnt", "/run", "/root", "/var", "/home", "/dev", "/sys"]

    /// Moves the calling thread, and the threads it starts, into a private namespace and builds the tree there.
    /// The calls depend on the plan's threads and mounts, never on its limit.
    /// - Throws: the error of the call that failed; `.interrupted`. The namespace goes with the process.
    static func enter(for plan: LoadPlan, _ setup: LoadSetup) throws(WorkloadError) -> Sandbox {
        guard let base = candidates.first(where: SystemCalls.isDirectory) else {
            throw .failed(
                FailedCall(
                    call: "stat", path: candidates.joined(separator: " "), errorNumber: ENOENT,
                    hint: "make one of these directories: the load mounts its tmpfs over it"))
        }
        let refused = workload_unshare_mounts()
        guard refused == 0 else { throw WorkloadError(call: "unshare(CLONE_NEWNS)", errorNumber: refused) }
        var builder = SandboxBuilder(
            tree: LoadTree(base: base, threads: plan.threads, tableMounts: plan.tableMounts), setup: setup)
        try builder.build()
        let scan = MountTableScan(file: .mountinfo, bufferBytes: 65536)
        let mounts = try scan.countLines()
        return Sandbox(
            tree: builder.tree, mountCalls: builder.mountCalls, readCalls: scan.counts.readCalls,
            mountsInNamespace: mounts)
    }
}

/// Makes the mounts of a sandbox and counts them.
private struct SandboxBuilder {
    let tree: LoadTree
    let setup: LoadSetup
    var mountCalls = 0
    /// Places that are done.
    private var done = 0

    init(tree: LoadTree, setup: LoadSetup) {
        self.tree = tree
        self.setup = setup
    }

    private mutating func step() throws(WorkloadError) {
        try setup.step(.mounts, done, of: tree.chains.count + tree.pairs.count + tree.tableMounts)
        done += 1
    }

    mutating func build() throws(WorkloadError) {
        try makePrivate()
        try mount(
            "mount(tmpfs)", source: "mountscope-load", target: tree.base, type: "tmpfs",
            options: "mode=0700,nr_inodes=0")
        for chain in tree.chains { try build(chain) }
        for pair in tree.pairs { try build(pair) }
        try buildTable()
    }

    private mutating func makePrivate() throws(WorkloadError) {
        guard Glibc.mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0 else {
            let failed = errno
            let chrooted = "/ must be a mount point: leave the chroot, or bind mount its root onto itself"
            throw WorkloadError(
                call: "mount(MS_REC|MS_PRIVATE)", path: "/", errorNumber: failed,
                hint: failed == EINVAL ? chrooted : nil)
        }
        mountCalls += 1
    }

    private mutating func build(_ chain: LoadTree.Chain) throws(WorkloadError) {
        try step()
        try SystemCalls.makeDirectory(chain.root)
        try SystemCalls.makeDirectory(chain.source)
        try SystemCalls.makeDirectory(chain.source + "/inner")
        try SystemCalls.makeDirectory(chain.source + "/leaf")
        try SystemCalls.makeFile(chain.source + "/file")
        try SystemCalls.makeDirectory(chain.outer)
        try bind(chain.source, onto: chain.outer)
        try bind(chain.source, onto: chain.inner)
    }

    private mutating func build(_ pair: LoadTree.Pair) throws(WorkloadError) {
        try step()
        try SystemCalls.makeDirectory(pair.root)
        try SystemCalls.makeDirectory(pair.source)
        try SystemCalls.makeDirectory(pair.target)
    }

    private mutating func buildTable() throws(WorkloadError) {
        guard tree.tableMounts > 0 else { return }
        try build(tree.table)
        for index in 0..<tree.tableMounts {
            try step()
            let target = tree.tableTarget(index)
            try SystemCalls.makeDirectory(target)
            try bind(tree.table.source, onto: target)
        }
    }

    private mutating func bind(_ source: String, onto target: String) throws(WorkloadError) {
        try mount("mount(MS_BIND)", source: source, target: target, flags: MS_BIND)
    }

    private mutating func mount(
        _ call: String, source: String, target: String, type: String? = nil, flags: Int = 0, options: String? = nil
    ) throws(WorkloadError) {
        try SystemCalls.mount(call, source: source, target: target, type: type, flags: flags, options: options)
        mountCalls += 1
    }
}
