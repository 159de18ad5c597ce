/// What a load did.
public struct LoadReport: Equatable, Sendable {
    /// What was asked for.
    public let plan: LoadPlan
    /// Nanoseconds from the common start to the end of the last thread.
    public let elapsedNanoseconds: UInt64
    /// Whether SIGINT or SIGTERM ended the work early.
    public let interrupted: Bool
    /// Lines of mountinfo when the work started.
    public let mountsInNamespace: Int
    /// mount() calls made before the work.
    public let setupMountCalls: Int
    /// read() calls of mountinfo made before the work, to count the mounts.
    public let setupReadCalls: UInt64
    /// What the threads of each kind did together; kinds without threads have no entry.
    public let counts: [LoadKind: OperationCounts]

    /// One JSON object on one line; numbers are integers, times nanoseconds.
    public var json: String {
        var object = JSONObject()
        object.add("scenario", plan.scenario.rawValue)
        object.add("threads", plan.threads.total)
        switch plan.limit {
        case .operations(let count): object.add("operations_per_thread", count)
        case .nanoseconds(let duration): object.add("duration_ns", duration)
        }
        if let rate = plan.rate { object.add("rate_per_thread", rate) }
        object.add("elapsed_ns", elapsedNanoseconds)
        object.add("interrupted", interrupted)
        object.add("mounts_in_namespace", mountsInNamespace)
        object.add("setup_mount_calls", setupMountCalls)
        object.add("setup_read_calls", setupReadCalls)
        var kinds = JSONObject()
        for kind in plan.threads.kinds { kinds.add(kind.rawValue, describe(kind)) }
        object.add("kinds", kinds)
        return object.text
    }

    /// Operations that the plan asks for from all threads of a kind, where it has a rate.
    private func due(_ kind: LoadKind) -> UInt64 { (plan.dueOperations ?? 0) * UInt64(plan.threads[kind]) }

    /// What was asked for by a rate and not done: `812 of 1000 operations of bind`; nil where all was.
    public var shortfall: String? {
        guard plan.rate != nil else { return nil }
        let short = plan.threads.kinds.filter { counts[$0]?.operations ?? 0 < due($0) }
        guard !short.isEmpty else { return nil }
        return short.map { "\(counts[$0]?.operations ?? 0) of \(due($0)) operations of \($0.rawValue)" }
            .joined(separator: ", ")
    }

    private func describe(_ kind: LoadKind) -> JSONObject {
        let done = counts[kind] ?? OperationCounts()
        var object = JSONObject()
        object.add("threads", plan.threads[kind])
        object.add("operations", done.operations)
        if plan.rate != nil { object.add("operations_due", due(kind)) }
        switch kind {
        case .bind:
            object.add("mount_calls", done.mountCalls)
            object.add("umount_calls", done.umountCalls)
            object.add("detach", plan.detach)
        case .remount:
            object.add("mount_calls", done.mountCalls)
        case .mountinfo:
            object.add("read_calls", done.readCalls)
            object.add("bytes", done.bytes)
            object.add("file", plan.tableFile.rawValue)
            object.add("buffer_bytes", plan.bufferBytes)
        case .stat, .open, .dotdot, .refwalk, .getcwd, .unshare:
            break
        }
        return object
    }
}

/// A JSON object that keeps the order of its members. Its texts are names of this module: nothing needs escaping.
struct JSONObject {
    private var members: [String] = []

    var text: String { "{" + members.joined(separator: ",") + "}" }

    mutating func add(_ name: String, _ value: some FixedWidthInteger) { append(name, String(value)) }
    mutating func add(_ name: String, _ value: Double) { append(name, "\(value)") }
    mutating func add(_ name: String, _ value: Bool) { append(name, value ? "true" : "false") }
    mutating func add(_ name: String, _ value: String) { append(name, "\"\(value)\"") }
    mutating func add(_ name: String, _ value: JSONObject) { append(name, value.text) }

    private mutating func append(_ name: String, _ value: String) {
        members.append("\"\(name)\":\(value)")
    }
}
