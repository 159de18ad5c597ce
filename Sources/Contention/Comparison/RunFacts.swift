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
    /// Whether it is the run of a command.
    public var hasCommand = false
    /// CLOCK_REALTIME of the first snapshot, nanoseconds since 1970 UTC; nil where unknown.
    public var start: Int64?
    /// Nanoseconds from the first snapshot to the last; nil where unknown.
    public var elapsed: UInt64?
    /// CPUs that were online when it began; nil where unknown.
    public var cpus: Int?

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
    /// By kind, operations that its rate asked for; none where it had no rate.
    public var due: [String: UInt64]

    public init(operations: [String: UInt64], mounts: UInt64? = nil, due: [String: UInt64] = [:]) {
        self.operations = operations
        self.mounts = mounts
        self.due = due
    }

    /// Of several kinds those that the load had, and did at least once.
    func done(_ kinds: [String]) -> [String: Double] {
        operations.filter { kinds.contains($0.key) && $0.value > 0 }.mapValues { Double($0) }
    }
}
