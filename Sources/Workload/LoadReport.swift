import JSON

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
        var members = [
            JSONMember("scenario", .string(plan.scenario.rawValue)),
            JSONMember("threads", .integer(plan.threads.total)),
        ]
        switch plan.limit {
        case .operations(let count): members.append(JSONMember("operations_per_thread", .integer(count)))
        case .nanoseconds(let duration): members.append(JSONMember("duration_ns", .integer(duration)))
        }
        if let rate = plan.rate { members.append(JSONMember("rate_per_thread", .number(rate))) }
        members += [
            JSONMember("elapsed_ns", .integer(elapsedNanoseconds)), JSONMember("interrupted", .bool(interrupted)),
            JSONMember("mounts_in_namespace", .integer(mountsInNamespace)),
            JSONMember("setup_mount_calls", .integer(setupMountCalls)),
            JSONMember("setup_read_calls", .integer(setupReadCalls)),
            JSONMember("kinds", .object(plan.threads.kinds.map { JSONMember($0.rawValue, describe($0)) })),
        ]
        return JSONValue.object(members).line
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

    private func describe(_ kind: LoadKind) -> JSONValue {
        let done = counts[kind] ?? OperationCounts()
        var members = [
            JSONMember("threads", .integer(plan.threads[kind])), JSONMember("operations", .integer(done.operations)),
        ]
        if plan.rate != nil { members.append(JSONMember("operations_due", .integer(due(kind)))) }
        switch kind {
        case .bind:
            members += [
                JSONMember("mount_calls", .integer(done.mountCalls)),
                JSONMember("umount_calls", .integer(done.umountCalls)), JSONMember("detach", .bool(plan.detach)),
            ]
        case .remount:
            members.append(JSONMember("mount_calls", .integer(done.mountCalls)))
        case .mountinfo:
            members += [
                JSONMember("read_calls", .integer(done.readCalls)), JSONMember("bytes", .integer(done.bytes)),
                JSONMember("file", .string(plan.tableFile.rawValue)),
                JSONMember("buffer_bytes", .integer(plan.bufferBytes)),
            ]
        case .stat, .open, .dotdot, .refwalk, .getcwd, .unshare:
            break
        }
        return .object(members)
    }
}
