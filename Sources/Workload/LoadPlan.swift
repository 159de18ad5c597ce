/// When the threads of a load stop.
public enum LoadLimit: Equatable, Sendable {
    /// After this many operations in each thread; 0 does the set-up only.
    case operations(Int)
    /// After this many nanoseconds.
    case nanoseconds(UInt64)
}

/// The file of the mount table that the `mountinfo` kind reads.
public enum MountTableFile: String, CaseIterable, Sendable {
    case mountinfo, mounts, mountstats

    /// The file of the reading thread, so that threads do not meet at their leader's task lock; mountstats exists
    /// for processes only.
    var path: String {
        switch self {
        case .mountinfo, .mounts: "/proc/thread-self/\(rawValue)"
        case .mountstats: "/proc/self/mountstats"
        }
    }
}

/// What a load does: fixed before it starts and equal on every kernel.
public struct LoadPlan: Equatable, Sendable {
    /// The scenario's name.
    public let scenario: LoadScenario
    /// The threads of each kind.
    public let threads: ThreadCounts
    /// When they stop.
    public let limit: LoadLimit
    /// Whether `bind` takes its mount away with MNT_DETACH.
    public let detach: Bool
    /// The file that `mountinfo` reads.
    public let tableFile: MountTableFile
    /// Bytes that each read() of `mountinfo` asks for.
    public let bufferBytes: Int
    /// Bind mounts made in set-up so that the mount table is long.
    public let tableMounts: Int
    /// Operations a second that each thread begins, whether those before were fast or slow; nil for one after another.
    public let rate: Double?

    /// More than enough for any seq_file page, little enough for many threads.
    static let largestBuffer = 64 << 20

    /// More would wait for one another and for memory, and say nothing new.
    public static let mostThreads = 4096
    /// What a namespace may have (sysctl fs.mount-max, by default).
    public static let mostTableMounts = 100_000
    /// No operation takes less than a microsecond.
    public static let highestRate = 1_000_000.0
    /// Bytes of all buffers together.
    static let mostBufferBytes = 1 << 30

    /// Throws `WorkloadError.usage` for values that make no sense.
    public init(
        scenario: LoadScenario, threads: ThreadCounts, limit: LoadLimit, detach: Bool = false,
        tableFile: MountTableFile = .mountinfo, bufferBytes: Int = 65536, tableMounts: Int = 0, rate: Double? = nil
    ) throws(WorkloadError) {
        for kind in LoadKind.allCases where !(0...Self.mostThreads).contains(threads[kind]) {
            throw .usage(
                "a load has 0 to \(Self.mostThreads) threads of a kind, not \(threads[kind]) (\(kind.rawValue))")
        }
        guard (1...Self.mostThreads).contains(threads.total) else {
            throw .usage("a load has 1 to \(Self.mostThreads) threads, not \(threads.total)")
        }
        if case .operations(let count) = limit, count < 0 {
            throw .usage("a number of operations cannot be negative (\(count))")
        }
        guard (1...Self.largestBuffer).contains(bufferBytes) else {
            throw .usage("a buffer has 1 to \(Self.largestBuffer) bytes, not \(bufferBytes)")
        }
        guard threads[.mountinfo] <= Self.mostBufferBytes / bufferBytes else {
            throw .usage("the buffers of all threads together have \(Self.mostBufferBytes) bytes at most")
        }
        guard (0...Self.mostTableMounts).contains(tableMounts) else {
            throw .usage("a table has 0 to \(Self.mostTableMounts) more mounts, not \(tableMounts)")
        }
        if let rate, !(rate > 0 && rate <= Self.highestRate) {
            throw .usage("a rate is above 0 and \(Int(Self.highestRate)) a second at most, not \(rate)")
        }
        self.rate = rate
        self.scenario = scenario
        self.threads = threads
        self.limit = limit
        self.detach = detach
        self.tableFile = tableFile
        self.bufferBytes = bufferBytes
        self.tableMounts = tableMounts
    }
}

extension LoadPlan {
    /// Operations that each thread is to do in all; nil where it does as many as it can.
    var dueOperations: UInt64? {
        switch (limit, rate) {
        case (.operations(let count), _): UInt64(count)
        case (.nanoseconds(let duration), let rate?): UInt64((Double(duration) / 1e9 * rate).rounded(.down))
        case (.nanoseconds, nil): nil
        }
    }
}

/// What a user asked for, before the defaults: absent options are nil.
public struct LoadRequest: Equatable, Sendable {
    /// Threads of a single scenario.
    public var threads: Int?
    /// Threads of the mix, by kind.
    public var mix: [LoadKind: Int] = [:]
    /// Operations in each thread.
    public var operations: Int?
    /// Duration in nanoseconds.
    public var nanoseconds: UInt64?
    /// MNT_DETACH for `bind`.
    public var detach = false
    /// The file that `mountinfo` reads.
    public var tableFile: MountTableFile?
    /// Bytes a read() asks for.
    public var bufferBytes: Int?
    /// Additional mounts in the namespace.
    public var tableMounts = 0
    /// Operations a second in each thread.
    public var rate: Double?

    /// Nothing asked for.
    public init() {}

    /// The plan with the defaults filled in; options that would have no effect are usage errors.
    public func plan(for scenario: LoadScenario) throws(WorkloadError) -> LoadPlan {
        let counts = try threadCounts(for: scenario)
        if detach && counts[.bind] == 0 { throw .usage("--detach needs threads that bind") }
        if counts[.mountinfo] == 0 {
            if tableFile != nil { throw .usage("--file needs threads that read mountinfo") }
            if bufferBytes != nil { throw .usage("--buffer needs threads that read mountinfo") }
        }
        return try LoadPlan(
            scenario: scenario, threads: counts, limit: try limit(), detach: detach,
            tableFile: tableFile ?? .mountinfo, bufferBytes: bufferBytes ?? 65536, tableMounts: tableMounts,
            rate: rate)
    }

    private func threadCounts(for scenario: LoadScenario) throws(WorkloadError) -> ThreadCounts {
        guard let kind = scenario.kind else {
            if threads != nil { throw .usage("--threads is for single scenarios; name the kinds of the mix instead") }
            return mix.isEmpty ? .defaultMix : ThreadCounts(mix)
        }
        if let named = LoadKind.allCases.first(where: { mix[$0] != nil }) {
            throw .usage("--\(named.rawValue) is for the mix; use --threads with \(scenario.rawValue)")
        }
        return ThreadCounts([kind: threads ?? 1])
    }

    private func limit() throws(WorkloadError) -> LoadLimit {
        switch (operations, nanoseconds) {
        case (nil, nil): .nanoseconds(1_000_000_000)
        case (let count?, nil): .operations(count)
        case (nil, let duration?): .nanoseconds(duration)
        case (_?, _?): throw .usage("give either --operations or --duration, not both")
        }
    }
}
