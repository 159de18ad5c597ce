import Contention
import JSON
import SystemCalls

/// A run as a comparison takes it, read from its folder.
public struct ComparedRun: Sendable {
    public let facts: RunFacts
    /// The whole of run.json, to group by.
    public let json: JSONValue

    /// For runs that come from elsewhere than a folder.
    public init(facts: RunFacts, json: JSONValue) {
        self.facts = facts
        self.json = json
    }

    /// Reads a run, in constant memory.
    /// - Parameter path: the run's folder.
    /// - Throws: `RunReadError`.
    public init(path: String) throws(RunReadError) {
        let reader = try RunReader(path)
        let run = reader.run
        json = run.json
        var facts = RunFacts(run.description, name: path, elapsed: run.end.map(run.description.elapsed))
        facts.flaw = ComparedRun.flaw(run)
        facts.workload = try ComparedRun.workload(json, path: "\(path)/\(RunFolder.description)")
        for total in try reader.totals().series {
            // A series that this version does not know cannot be compared.
            guard let key = total.name.key else { continue }
            // What was known for a part of the run only cannot be divided by what happened in all of it.
            let isKnown = total.unknownIntervals == 0
            facts.totals[key] = RunTotal(
                mode: total.mode, count: isKnown ? total.count : nil, nanoseconds: isKnown ? total.nanoseconds : nil,
                whole: isKnown ? total.share?.whole : nil, lost: total.lost)
        }
        facts.removals = ProbeRemoval.among(run.reasons, of: Array(facts.totals.keys).sorted { "\($0)" < "\($1)" })
        self.facts = facts
    }

    static func conditions(_ run: RunDescription) -> [Condition: String] {
        let host = run.host
        var conditions: [Condition: String] = [
            .toolVersion: run.toolVersion,
            .architecture: host.architecture,
            .cpuModel: host.cpuModel,
            .possibleCPUs: "\(host.possibleCPUs)",
            .onlineCPUs: host.onlineCPUs.map { "\($0)" }.joined(separator: " "),
            .cores: "\(host.cores)",
            .sockets: "\(host.sockets)",
            .numaNodes: "\(host.numaNodes)",
            .bootFlags: flags(host.bootFlags),
            .command: command(run.command),
            .kernelRelease: host.kernelRelease,
            .kernelBuild: host.kernelBuild,
            .interval: "\(run.plan.interval) ns",
        ]
        conditions[.attach] = run.probing?.attach
        conditions[.budget] = run.probing.map { $0.budget == nil ? "off" : "on" }
        conditions[.sampleRate] = run.probing.map { $0.hertz.map { "\($0)" } ?? "off" }
        return conditions
    }

    /// Without the words that name the kernel: they differ whenever kernels do.
    private static func flags(_ line: String) -> String {
        line.split(separator: " ").filter { !$0.hasPrefix("BOOT_IMAGE=") && !$0.hasPrefix("initrd=") }
            .joined(separator: " ")
    }

    /// The program without its folder: the same program may lie elsewhere.
    private static func command(_ words: [String]) -> String {
        guard let program = words.first else { return "" }
        let name = program.split(separator: "/").last.map(String.init) ?? program
        return ([name] + words.dropFirst()).joined(separator: " ")
    }

    /// Why the run is no whole one; nil for a good run.
    static func flaw(_ run: RecordedRun) -> String? {
        guard let end = run.end else { return "was cut short" }
        if case .failed(let message) = end.end { return "failed: \(message)" }
        let hasCommand = !run.description.command.isEmpty
        // Without a command Ctrl-C is a way to end a run like any other.
        if hasCommand, case .interrupted(let signal) = end.end { return "was interrupted by \(signal.rawValue)" }
        switch end.command {
        case .exited(let status) where status != 0 && end.end == .commandExited:
            return "had a command that exited with status \(status)"
        case .killed(let signal) where end.end == .commandExited:
            return "had a command that was ended by signal \(signal)"
        default: return nil
        }
    }

    /// What `mountscope load`, or any command that writes the same, left: `kinds` with their `operations`.
    /// - Parameter path: of run.json, for errors.
    /// - Returns: nil where it left no kinds.
    /// - Throws: `RunReadError` for what cannot be a number of operations.
    static func workload(_ json: JSONValue, path: String) throws(RunReadError) -> WorkloadCounts? {
        guard case .object? = json["workload"], case .object(let kinds)? = json["workload"]?["kinds"] else {
            return nil
        }
        let fields = try JSONFields(json, path: path).object("workload")
        var counts = WorkloadCounts(operations: [:], mounts: try fields.optionalCount("mounts_in_namespace"))
        var sum: UInt64 = 0
        for kind in kinds {
            guard case .object = kind.value else { continue }
            let member = try fields.object("kinds").object(kind.name)
            guard let operations = try member.optionalCount("operations") else { continue }
            let (more, overflows) = sum.addingReportingOverflow(operations)
            guard !overflows else {
                throw member.error("operations", "is \(operations): more than 64 bits hold, with the other kinds")
            }
            sum = more
            counts.operations[kind.name] = operations
            counts.due[kind.name] = try member.optionalCount("operations_due")
        }
        return counts
    }
}

extension RunFacts {
    /// What is known before its numbers are.
    /// - Parameter elapsed: nanoseconds; nil where unknown.
    init(_ run: RunDescription, name: String, elapsed: UInt64?) {
        self.init(id: run.id, name: name, conditions: ComparedRun.conditions(run))
        mounts = UInt64(exactly: run.host.mountsInNamespace)
        hasCommand = !run.command.isEmpty
        start = run.startRealtime
        self.elapsed = elapsed
        cpus = run.host.onlineCPUs.isEmpty ? nil : run.host.onlineCPUs.count
    }
}

extension RunDescription {
    /// Nanoseconds to its end.
    fileprivate func elapsed(_ end: RecordedEnd) -> UInt64 { end.monotonic - min(end.monotonic, startMonotonic) }
}

extension JSONFields {
    /// A number of things: a whole one, not negative, as `JSONValue.integer` writes it; nil for null and where there is none.
    fileprivate func optionalCount(_ name: String) throws(RunReadError) -> UInt64? {
        guard let value = raw(name), value != .null else { return nil }
        if let count = value.integer.flatMap({ UInt64(exactly: $0) }) { return count }
        if let digits = value.string, let count = UInt64(digits) { return count }
        throw error(name, "is \(value.formatted), which is no number of operations or mounts")
    }
}
