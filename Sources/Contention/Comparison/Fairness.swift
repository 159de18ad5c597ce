/// Why runs cannot be compared.
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
        return flaws(runs) + differences(groups)
    }

    private func flaws(_ runs: [RunFacts]) -> [Unfairness] {
        runs.compactMap { run in run.flaw.map { Unfairness(reason: "\"\(run.name)\" \($0)") } }
    }

    private func differences(_ groups: [RunGroup]) -> [Unfairness] {
        Condition.allCases.flatMap { condition in
            let mayDiffer = compared.contains(condition)
            let found = groups.compactMap { difference(condition, $0.runs) }
            if !found.isEmpty || mayDiffer { return found.map { Unfairness(reason: $0) } }
            return difference(condition, groups.flatMap(\.runs)).map { [Unfairness(reason: $0)] } ?? []
        }
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

    /// Series that one run counted and another estimated: the numbers do not mean the same. Unless forced they are not
    /// compared, and the rest is.
    func modes(_ groups: [RunGroup]) -> [Unfairness] {
        let runs = groups.flatMap(\.runs)
        guard let first = runs.first else { return [] }
        var found: [Unfairness] = []
        for key in first.totals.keys.sorted(by: { $0.description < $1.description }) {
            // The tool's own account is not compared.
            guard key.metric.siteKind == .fixed, key.metric.subject != .mountscope, let mode = first.totals[key]?.mode,
                mode != .unavailable
            else {
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
}
