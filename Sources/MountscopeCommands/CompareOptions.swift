import ArgumentParser
import Contention
import JSON
import Recording
import SystemCalls

/// Which runs are held against which.
struct CompareSideOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The runs that are held against the ones named first.", valueName: "run"),
        completion: .directory)
    var to: [String] = []
    @Option(
        help: ArgumentHelp(
            "Group the runs by a field of run.json: kernel, build, label, host, cpu, command, or a path such as "
                + "host.boot_flags or workload.threads.", valueName: "field"))
    var by: String?
    @Option(
        help: ArgumentHelp("With --by: the group that is the baseline. (default: the first run's)", valueName: "value"))
    var baseline: String?

    /// - Throws: `ValidationError` unless exactly one way to group is given.
    func check() throws {
        try refuseEmpty(by, "--by")
        try refuseEmpty(baseline, "--baseline")
        if to.isEmpty == (by == nil) { throw ValidationError("give either --to NEW... or --by FIELD") }
        if baseline != nil, by == nil { throw ValidationError("--baseline goes with --by") }
    }

    /// What may differ between the groups, because it is compared: one of these.
    var compared: [Set<Condition>] { RunField(by ?? "label").compared }

    /// Reads the runs and compares them.
    /// - Throws: `RunReadError`, `CompareInputError`, `ComparisonRefused`.
    func compare(_ runs: [String], _ options: ComparisonOptions) throws -> Comparison {
        var options = options
        options.compared = compared
        let groups = try groups(runs) { try ComparedRun(path: $0) }
        do { return try Comparison(groups, options: options) } catch { throw ComparisonRefused(error) }
    }

    /// The groups, the baseline first.
    /// - Parameter read: reads the runs at these paths.
    /// - Throws: what reading throws; `CompareInputError`.
    func groups(_ runs: [String], read: (String) throws -> ComparedRun) throws -> [RunGroup] {
        guard let by else {
            let (base, new) = (try runs.map(read), try to.map(read))
            let fields = ["kernel", "label", "command"].map { RunField($0) }
            let names = fields.lazy.compactMap { $0.names(base, new) }.first ?? ("base", "new")
            return [
                RunGroup(name: names.0, runs: base.map(\.facts)), RunGroup(name: names.1, runs: new.map(\.facts)),
            ]
        }
        return try RunField(by).groups(try runs.map(read), baseline: baseline)
    }
}

/// Why runs cannot be grouped.
enum CompareInputError: ExplainedError, Equatable {
    case noField(String, run: String)
    case noBaseline(String, there: [String])
    case oneGroup(String)

    var message: String {
        switch self {
        case .noField(let field, let run): "\"\(run)\" has no \(field) in its run.json"
        case .noBaseline(let name, _): "no run is of \"\(name)\""
        case .oneGroup(let value): "all runs are of \"\(value)\": there is nothing to compare"
        }
    }

    var hint: String {
        switch self {
        case .noField: "--by takes kernel, build, host, cpu, command or the path of a value in run.json"
        case .noBaseline(_, let there): "there are: \(there.joined(separator: ", "))"
        case .oneGroup: "give runs of at least two groups, or two sides with --to"
        }
    }
}

/// A field of run.json by which runs are grouped.
struct RunField {
    /// `host.kernel_release`
    private let path: String

    private static let short = [
        "kernel": "host.kernel_release", "build": "host.kernel_build", "host": "host.hostname",
        "cpu": "host.cpu_model", "command": "command.argv",
    ]

    init(_ name: String) { path = RunField.short[name] ?? name }

    /// What may differ with it: the first that makes a fair comparison.
    var compared: [Set<Condition>] {
        // A label says no more than that runs are of different kinds, as the two sides of --to do: kernels, or commands.
        path == "label" ? [Condition.kernel, [.command]] : [conditions]
    }

    /// What necessarily differs with it.
    private var conditions: Set<Condition> {
        switch path {
        case "host.kernel_release": Condition.kernel
        case "host.kernel_build": [.kernelBuild]
        case "host.cpu_model": [.cpuModel]
        case "host.architecture": [.architecture]
        case "host.cpus_possible": [.possibleCPUs]
        case "host.cpus_online": [.onlineCPUs]
        case "host.cores": [.cores]
        case "host.sockets": [.sockets]
        case "host.numa_nodes": [.numaNodes]
        case "host.boot_flags": [.bootFlags]
        case "probing.attach": [.attach]
        case "probing.budget_share": [.budget]
        case "probing.sample_hz": [.sampleRate]
        case "interval_ns": [.interval]
        case "tool_version": [.toolVersion]
        case let other where other.hasPrefix("command.") || other.hasPrefix("workload."): [.command]
        default: []
        }
    }

    /// The groups in the order of their first runs, the baseline before them.
    func groups(_ runs: [ComparedRun], baseline: String?) throws(CompareInputError) -> [RunGroup] {
        var names: [String] = []
        var members: [String: [RunFacts]] = [:]
        for run in runs {
            guard let value = value(of: run) else { throw .noField(path, run: run.facts.name) }
            if members[value] == nil { names.append(value) }
            members[value, default: []].append(run.facts)
        }
        if let baseline {
            guard let index = names.firstIndex(of: baseline) else { throw .noBaseline(baseline, there: names) }
            names.insert(names.remove(at: index), at: 0)
        }
        guard names.count > 1 else { throw .oneGroup(names.first ?? "nothing") }
        return names.map { RunGroup(name: $0, runs: members[$0] ?? []) }
    }

    /// The values of two sides, where each has one of its own.
    func names(_ first: [ComparedRun], _ second: [ComparedRun]) -> (String, String)? {
        let (left, right) = (Set(first.map(value)), Set(second.map(value)))
        guard left.count == 1, right.count == 1, left != right, let one = left.first ?? nil,
            let two = right.first ?? nil
        else { return nil }
        return (one, two)
    }

    private func value(of run: ComparedRun) -> String? {
        path.split(separator: ".").reduce(run.json) { $0?[String($1)] }.flatMap(RunField.text)
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): EscapedBytes.visible(text)
        case .array(let elements): elements.compactMap(text).joined(separator: " ")
        case .integer, .number, .bool: value.formatted
        case .null, .object: nil
        }
    }
}
