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
        var facts = RunFacts(id: run.description.id, name: path)
        facts.conditions = ComparedRun.conditions(run.description)
        facts.flaw = ComparedRun.flaw(run)
        facts.workload = json["workload"].flatMap(ComparedRun.workload)
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
        return [
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
        ]
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
    static func workload(_ json: JSONValue) -> WorkloadCounts? {
        guard case .object(let kinds)? = json["kinds"] else { return nil }
        var operations: [String: UInt64] = [:]
        for kind in kinds {
            guard let count = kind.value["operations"]?.integer.flatMap({ UInt64(exactly: $0) }) else { continue }
            operations[kind.name] = count
        }
        let mounts = json["mounts_in_namespace"]?.integer.flatMap { UInt64(exactly: $0) }
        return WorkloadCounts(operations: operations, mounts: mounts)
    }
}
