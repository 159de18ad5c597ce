/// What a comparison knows of one run: the run is the sample, however many intervals it has.
public struct RunFacts: Sendable, Equatable {
    /// The run's UUID.
    public var id: String
    /// How the user calls it: the folder's path.
    public var name: String
    /// What must not differ between runs that are compared.
    public var conditions: [Condition: String]
    /// The totals of each series over the whole run.
    public var totals: [SeriesKey: RunTotal]
    /// What the load did; nil where the run does not know.
    public var workload: WorkloadCounts?
    /// Why the run is no whole one: cut short, failed, its command failed; nil for a good run.
    public var flaw: String?
    /// Lines of /proc/self/mountinfo when the run began; nil where unknown.
    public var mounts: UInt64?
    /// What the budget took off in the run.
    public var removals: [ProbeRemoval] = []

    public init(
        id: String, name: String, conditions: [Condition: String] = [:], totals: [SeriesKey: RunTotal] = [:],
        workload: WorkloadCounts? = nil, flaw: String? = nil, mounts: UInt64? = nil
    ) {
        self.id = id
        self.name = name
        self.conditions = conditions
        self.totals = totals
        self.workload = workload
        self.flaw = flaw
        self.mounts = mounts
    }
}

/// The total of a series over a run; nil is "not known".
public struct RunTotal: Sendable, Equatable {
    public var mode: Mode
    /// Events; of a share the part.
    public var count: UInt64?
    /// Nanoseconds, all events added up.
    public var nanoseconds: UInt64?
    /// Of a share the whole.
    public var whole: UInt64?
    /// Events known to be lost.
    public var lost: UInt64?

    public init(
        mode: Mode, count: UInt64? = nil, nanoseconds: UInt64? = nil, whole: UInt64? = nil, lost: UInt64? = nil
    ) {
        self.mode = mode
        self.count = count
        self.nanoseconds = nanoseconds
        self.whole = whole
        self.lost = lost
    }
}

/// What a load says that it did.
public struct WorkloadCounts: Sendable, Equatable {
    /// Operations by kind, as `mountscope load` names them: `bind`, `stat`, `mountinfo`.
    public var operations: [String: UInt64]
    /// Lines of mountinfo in the load's namespace when its work began.
    public var mounts: UInt64?

    public init(operations: [String: UInt64], mounts: UInt64? = nil) {
        self.operations = operations
        self.mounts = mounts
    }

    /// The operations of several kinds together; nil where the load had none of them, or where 64 bits do not hold their sum.
    func operations(_ kinds: [String]) -> UInt64? {
        let known = kinds.compactMap { operations[$0] }
        guard let first = known.first else { return nil }
        return known.dropFirst().reduce(first) { sum, more in sum.flatMap { $0.adding(more) } }
    }
}

/// What two runs must have in common so that their numbers mean the same.
public enum Condition: String, Sendable, CaseIterable {
    case toolVersion = "tool version"
    case architecture = "architecture"
    case cpuModel = "CPU model"
    case possibleCPUs = "possible CPUs"
    case onlineCPUs = "online CPUs"
    case cores = "cores"
    case sockets = "sockets"
    case numaNodes = "NUMA nodes"
    case bootFlags = "boot flags"
    case command = "command"
    case kernelRelease = "kernel release"
    case kernelBuild = "kernel build"

    /// Kernels may differ between the sides, that is what is compared, but not within one.
    var isOfKernel: Bool { self == .kernelRelease || self == .kernelBuild }
}
