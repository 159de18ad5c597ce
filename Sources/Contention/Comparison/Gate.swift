/// Whether a comparison lets a change pass that must not make anything worse.
public struct Gate: Sendable {
    /// The share beyond which more is a regression.
    public let limit: Double
    /// Whether runs in blocks are judged all the same.
    public let allowsBlocked: Bool

    public init(limit: Double, allowsBlocked: Bool = false) {
        self.limit = limit
        self.allowsBlocked = allowsBlocked
    }

    public enum Result: Sendable, Equatable {
        case passed
        case regression
        /// Why nothing was shown that could have been there: one sentence each, without a full stop.
        case cannotJudge([String])
    }

    public func judge(_ comparison: Comparison) -> Result {
        let blocked = comparison.sides.flatMap { obstacles($0, comparison) }
        if !blocked.isEmpty { return .cannotJudge(blocked) }
        if !comparison.regressions(beyond: limit).isEmpty { return .regression }
        let missing = comparison.sides.flatMap { gaps($0, comparison) }
        return missing.isEmpty ? .passed : .cannotJudge(missing)
    }

    /// Why a side cannot show anything, or what it shows need not be the compared thing.
    private func obstacles(_ side: ComparedSide, _ comparison: Comparison) -> [String] {
        let sizes = "\(comparison.baseline.runs.count) and \(side.group.runs.count) runs"
        if !side.isTested { return ["\(sizes): with fewer than \(Comparison.leastRuns) a side nothing can be shown"] }
        if side.isHopeless { return ["\(sizes) are too few for \(side.tests) tests: name fewer metrics with --metric"] }
        guard !allowsBlocked else { return [] }
        switch side.order {
        case .mixed: return []
        case .blocked(let changes):
            let times = changes == 1 ? "once" : "\(changes) times"
            return [
                "the sides changed only \(times) from run to run: what drifted meanwhile looks like a difference"
                    + "; record them in turn, or judge them all the same with --allow-blocked"
            ]
        case .unknown:
            return ["a run does not say when it was recorded: judge them all the same with --allow-blocked"]
        }
    }

    /// What was not compared and could be worse.
    private func gaps(_ side: ComparedSide, _ comparison: Comparison) -> [String] {
        var found: [String] = []
        for one in side.leftOut where one.isGated && one.cause != .nowhere {
            found.append("\(one.measure.title): \(one.reason)")
        }
        for row in side.rows where row.isGated {
            let sites = row.without.filter(\.hasEvents).map(\.site)
            if !sites.isEmpty {
                found.append(
                    "\(row.measure.title) without \(sites.joined(separator: ", ")): not measured in every run alike")
            }
        }
        for name in comparison.metrics where !isJudged(name, side) && found.isEmpty {
            found.append("\(name): not measured in any run")
        }
        if side.judged.isEmpty, side.silent.isEmpty, found.isEmpty { found.append("nothing could be compared") }
        return found
    }

    private func isJudged(_ name: String, _ side: ComparedSide) -> Bool {
        side.judged.contains { $0.measure.metric.isCalled(name) } || side.silent.contains { $0.metric.isCalled(name) }
    }
}
