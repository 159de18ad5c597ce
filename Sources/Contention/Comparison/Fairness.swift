/// Why runs cannot be compared, or what is to be known before they are.
public struct Unfairness: Sendable, Equatable {
    /// One sentence without a full stop.
    public let reason: String

    public init(reason: String) { self.reason = reason }
}

/// Looks for everything but the compared thing that differs between runs.
struct Fairness {
    /// Conditions that the runs were grouped by, and may differ in between groups.
    let compared: Set<Condition>

    /// Every reason why a comparison would mislead; empty for a fair one.
    func problems(_ groups: [RunGroup]) -> [Unfairness] {
        let runs = groups.flatMap(\.runs)
        var problems = flaws(runs)
        for condition in Condition.allCases {
            switch condition.weight {
            case .refuses: problems += differences(condition, groups)
            case .refusesWhereKnown:
                let knowing = groups.map { $0.keeping { $0.conditions[condition] != nil } }
                problems += differences(condition, knowing)
            case .refusesShares, .named: break
            }
        }
        return problems
    }

    /// What differs and is compared all the same: it stands beside the result.
    func remarks(_ groups: [RunGroup]) -> [Unfairness] {
        let runs = groups.flatMap(\.runs)
        let found = Condition.allCases.compactMap { condition -> String? in
            switch condition.weight {
            case .refuses: nil
            case .refusesWhereKnown: silence(condition, runs)
            case .refusesShares: silence(condition, runs) ?? difference(condition, runs)
            case .named: difference(condition, runs)
            }
        }
        return (found + mounts(groups) + shortfalls(runs)).map { Unfairness(reason: $0) }
    }

    private func flaws(_ runs: [RunFacts]) -> [Unfairness] {
        runs.compactMap { run in run.flaw.map { Unfairness(reason: "\"\(run.name)\" \($0)") } }
    }

    private func differences(_ condition: Condition, _ groups: [RunGroup]) -> [Unfairness] {
        let found = groups.compactMap { difference(condition, $0.runs) }
        if !found.isEmpty || compared.contains(condition) { return found.map { Unfairness(reason: $0) } }
        return difference(condition, groups.flatMap(\.runs)).map { [Unfairness(reason: $0)] } ?? []
    }

    private func difference(_ condition: Condition, _ runs: [RunFacts]) -> String? {
        guard let first = runs.first,
            let other = runs.first(where: { $0.conditions[condition] != first.conditions[condition] })
        else { return nil }
        func shown(_ run: RunFacts) -> String {
            "\(run.conditions[condition].map { "\"\($0)\"" } ?? "unknown") in \"\(run.name)\""
        }
        return "the \(condition.rawValue) differs: \(shown(first)), \(shown(other))"
    }

    /// What a run does not say and another does.
    private func silence(_ condition: Condition, _ runs: [RunFacts]) -> String? {
        guard runs.contains(where: { $0.conditions[condition] != nil }),
            let silent = runs.first(where: { $0.conditions[condition] == nil })
        else { return nil }
        return "\"\(silent.name)\" does not say its \(condition.rawValue): an older version recorded it"
    }

    /// Tables of another length make every scan another one.
    private func mounts(_ groups: [RunGroup]) -> [String] {
        func difference(_ what: String, _ amount: (RunFacts) -> UInt64?) -> String? {
            let medians = groups.compactMap { group -> (name: String, value: Double)? in
                HodgesLehmann.median(group.runs.compactMap(amount).map { Double($0) }).map { (group.name, $0) }
            }
            guard let first = medians.first,
                let other = medians.first(where: { max($0.value, first.value) > 1.1 * min($0.value, first.value) })
            else { return nil }
            func shown(_ side: (name: String, value: Double)) -> String {
                "\(UInt64(min(side.value, 1e15))) in \(side.name)"
            }
            return "the mounts in the \(what) namespace differ: \(shown(first)), \(shown(other))"
        }
        return [difference("recorder's", \.mounts), difference("load's", { $0.workload?.mounts })].compactMap { $0 }
    }

    /// A load that did not keep its rate did less than it was asked for, and perhaps less than the other side.
    private func shortfalls(_ runs: [RunFacts]) -> [String] {
        for run in runs {
            for (kind, due) in (run.workload?.due ?? [:]).sorted(by: { $0.key < $1.key }) {
                let done = run.workload?.operations[kind] ?? 0
                if Double(done) < 0.999 * Double(due) {
                    return ["\"\(run.name)\" did not keep its rate: \(done) of \(due) operations of \(kind)"]
                }
            }
        }
        return []
    }

    /// Series that one run counted and another estimated: the numbers do not mean the same. Unless forced they are not
    /// compared, and the rest is.
    func modes(_ groups: [RunGroup]) -> [Unfairness] {
        let runs = groups.flatMap(\.runs)
        guard let first = runs.first else { return [] }
        var found: [Unfairness] = []
        for key in first.totals.keys.sorted(by: { $0.description < $1.description }) {
            // The tool's own account is not compared.
            guard key.metric.subject != .mountscope, let mode = first.totals[key]?.mode, mode != .unavailable else {
                continue
            }
            let other = runs.first { run in
                run.totals[key].map { $0.mode != .unavailable && $0.mode != mode } ?? false
            }
            guard let other, let another = other.totals[key]?.mode else { continue }
            found.append(
                Unfairness(
                    reason: "\(key) is \(mode.rawValue) in \"\(first.name)\", \(another.rawValue) in \"\(other.name)\"")
            )
        }
        return found
    }
}

/// The runs of one side.
public struct RunGroup: Sendable, Equatable {
    /// What they have in common, as the user reads it.
    public let name: String
    public let runs: [RunFacts]

    public init(name: String, runs: [RunFacts]) {
        self.name = name
        self.runs = runs
    }

    fileprivate func keeping(_ isKept: (RunFacts) -> Bool) -> RunGroup {
        RunGroup(name: name, runs: runs.filter(isKept))
    }
}
