/// One row of the attach table: how one series is had on this kernel, or why it is not.
public struct AttachRow: Sendable, Equatable {
    public let key: SeriesKey
    public let mode: Mode
    /// The kind of program: `fexit`, `kprobe`, `memory read`; empty where nothing attaches.
    public let program: String
    /// The kernel function and offset, `prepend_path+0x54`; empty where unresolved.
    public let function: String
    /// The kernel address; nil where unresolved or hidden.
    public let address: UInt64?
    public let required: Bool
    /// Why the row is missing, or what its mode means here; empty where there is nothing to say.
    public let reason: String
    /// What the user can do about it; empty where nothing.
    public let hint: String

    public init(
        key: SeriesKey, mode: Mode, program: String, function: String, address: UInt64?, required: Bool,
        reason: String, hint: String
    ) {
        self.key = key
        self.mode = mode
        self.program = program
        self.function = function
        self.address = address
        self.required = required
        self.reason = reason
        self.hint = hint
    }
}

/// The machine a run was taken on.
public struct HostConditions: Sendable, Equatable {
    public var hostname = ""
    /// `uname -r`
    public var kernelRelease = ""
    /// `uname -v`
    public var kernelBuild = ""
    /// `uname -m`
    public var architecture = ""
    /// FNV-1a 64 of /sys/kernel/btf/vmlinux, hexadecimal; nil without BTF.
    public var btfHash: String?
    /// /proc/cmdline
    public var bootFlags = ""
    public var cpuModel = ""
    public var possibleCPUs = 0
    /// The numbers of the CPUs that were online when the run began; empty where unknown.
    public var onlineCPUs: [Int] = []
    public var cores = 0
    public var sockets = 0
    public var numaNodes = 0
    /// Which CPUs lie together, of those that were online when the run began; empty where unknown.
    public var topology = CPUTopology()
    /// Lines of /proc/self/mountinfo when the run began.
    public var mountsInNamespace = 0
    /// Distinct mount namespaces among the processes that could be read; nil where /proc was not readable.
    public var mountNamespaces: Int?

    public init() {}

    /// How many CPUs were online when the run began; nil where nothing is known of them.
    public var cpus: Int? {
        if !onlineCPUs.isEmpty { return onlineCPUs.count }
        return possibleCPUs > 0 ? possibleCPUs : nil
    }
}

/// How a run was asked to probe: runs that were probed in other ways do not mean the same.
public struct ProbingConditions: Sendable, Equatable {
    /// Of `--attach`: `auto`, `cold`.
    public var attach: String
    /// Of all CPU time, 0...1; nil without a budget.
    public var budget: Double?
    /// How often each CPU looks at the locks a second; nil for never.
    public var hertz: Int?

    public init(attach: String, budget: Double?, hertz: Int?) {
        self.attach = attach
        self.budget = budget
        self.hertz = hertz
    }
}
