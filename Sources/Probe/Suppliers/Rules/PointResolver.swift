import CProbe
import Contention

/// A point that was found.
struct ResolvedPoint {
    let program: String
    let kind: String
    let function: String
    let addresses: [UInt64]
    var kprobeAddresses: [UInt64] { kind == "kprobe" ? addresses : [] }

    func row(_ key: SeriesKey, _ rule: AttachRule) -> AttachRow {
        AttachRow(
            key: key, mode: rule.mode, program: kind, function: function, address: addresses.first,
            required: rule.required, reason: rule.note, hint: "")
    }
}

/// What became of a rule: all of its points, or the first thing that is missing.
struct RuleResult {
    struct Missing {
        let kind: String
        let function: String
        let address: UInt64?
        let reason: String
        let hint: String
    }

    let points: [ResolvedPoint]?
    let missing: Missing?

    init(points: [ResolvedPoint]?, missing: Missing?) {
        self.points = points
        self.missing = missing
    }

    /// A rule whose way the user did not choose.
    init(leftOutBy choice: AttachChoice) {
        self.init(
            reason: "not by --attach \(choice.rawValue)", hint: "--attach auto takes the best way this kernel has")
    }

    /// A rule whose programs would count what others of these count already.
    init(excludedBy programs: Set<String>) {
        self.init(reason: "\(programs.sorted().joined(separator: ", ")) would count twice", hint: "")
    }

    private init(reason: String, hint: String) {
        points = nil
        missing = Missing(kind: "", function: "", address: nil, reason: reason, hint: hint)
    }

    func missingRow(_ key: SeriesKey, _ rule: AttachRule, reason: String, hint: String) -> AttachRow {
        AttachRow(
            key: key, mode: .unavailable, program: missing?.kind ?? "", function: missing?.function ?? "",
            address: missing?.address, required: rule.required, reason: reason, hint: hint)
    }
}

/// Resolves rules against one kernel.
struct PointResolver {
    let kernel: KernelMap
    let facilities: Facilities
    let refusals: [String: String]

    /// - Parameter programs: those that are attached already.
    func resolve(_ rule: AttachRule, _ choice: AttachChoice, beside programs: Set<String>) -> RuleResult {
        guard choice.allows(rule.way) else { return RuleResult(leftOutBy: choice) }
        let twice = programs.intersection(rule.excludes)
        return twice.isEmpty ? resolve(rule) : RuleResult(excludedBy: twice)
    }

    private func resolve(_ rule: AttachRule) -> RuleResult {
        var points: [ResolvedPoint] = []
        for point in rule.points {
            let (resolved, missing) = resolve(point)
            guard missing == nil, let resolved else { return RuleResult(points: nil, missing: missing) }
            points.append(resolved)
        }
        for name in rule.needsSymbols {
            let parts = kernel.symbols.parts(of: name).count
            guard parts == 0 || parts > Int(MS_FUNCTION_PARTS) else { continue }
            let reason =
                parts == 0
                ? "\(name) is not in /proc/kallsyms" : "\(name) is in \(parts) parts, more than are told apart"
            let missing = RuleResult.Missing(
                kind: points.first?.kind ?? "", function: name, address: nil, reason: reason, hint: "")
            return RuleResult(points: nil, missing: missing)
        }
        return RuleResult(points: points, missing: nil)
    }

    private func resolve(_ point: AttachPoint) -> (ResolvedPoint?, RuleResult.Missing?) {
        switch point.place {
        case .memory(let variable, let find): resolve(point, kind: "memory", find(kernel), refusedBy: nil, variable)
        case .kprobe(let find): resolve(point, kind: "kprobe", find(kernel), refusedBy: facilities.kprobeRefusal)
        case .entry(let find):
            resolve(point, kind: "kprobe", facilities.entry(find(kernel)), refusedBy: facilities.kprobeRefusal)
        case .tracing(let kind, let function, let parameters):
            resolve(
                point, kind: kind, kernel.traceable(function, parameters), refusedBy: facilities.tracingRefusal,
                function)
        }
    }

    /// The kernel's general refusal comes first: it is the reason that helps most; the address is shown all the same.
    private func resolve(
        _ point: AttachPoint, kind: String, _ finding: Finding, refusedBy refusal: Finding?, _ function: String = ""
    ) -> (ResolvedPoint?, RuleResult.Missing?) {
        let address = finding.address
        let shown = address.flatMap(kernel.describe) ?? function
        func missing(_ reason: String, _ hint: String) -> (ResolvedPoint?, RuleResult.Missing?) {
            (nil, RuleResult.Missing(kind: kind, function: shown, address: address, reason: reason, hint: hint))
        }
        if case .missing(let reason, let hint) = refusal { return missing(reason, hint) }
        if let reason = refusals[point.program] { return missing("the kernel refused \(point.program): \(reason)", "") }
        switch finding {
        case .missing(let reason, let hint): return missing(reason, hint)
        case .found(let addresses):
            return (ResolvedPoint(program: point.program, kind: kind, function: shown, addresses: addresses), nil)
        }
    }
}
