/// Why there is no comparison at all.
public enum ComparisonError: Error, Equatable, Sendable {
    /// Fewer than two groups, or an empty one.
    case nothingToCompare
    /// The same run twice: the second tells nothing new.
    case repeated(String)
    /// More than the compared thing differs.
    case unfair([Unfairness])
    /// No metric has such a name.
    case noMetric(String)
}

/// What to compare, and how.
public struct ComparisonOptions: Sendable {
    /// What may differ between the groups because it is what is compared: the first of these sets under which the
    /// comparison is fair.
    public var compared: [Set<Condition>] = [Condition.kernel]
    /// Compare what is not alike, what one run counts and another estimates among it, and say so.
    public var force = false
    /// Other denominators, sites and shares too.
    public var isDetailed = false
    /// `write_sections`, `mount_lock.read_retries`, `namespace_sem`; empty for all.
    public var metrics: [String] = []
    /// 0.05 where it is to be shown that a ratio lies between 1 / 1.05 and 1.05; nil where not.
    public var sameWithin: Double?
    /// Whether a run of the command is what amounts are divided by first.
    public var isPerRun = false
    /// Whether intervals and the power of the tests are found: they take most of the time.
    public var isEstimated = true

    public init() {}

    /// - Throws: `ComparisonError.noMetric` for a metric that cannot be compared.
    public func checkMetrics() throws(ComparisonError) { _ = try MeasureChoice(self) }
}

/// Groups of runs held against a baseline: the first group.
public struct Comparison: Sendable {
    /// Fewer runs a side are no comparison: with five and five nothing can be shown among more than six measures.
    public static let leastRuns = 6
    /// A difference is shown where its corrected p is below.
    public static let level = 0.05

    public let baseline: RunGroup
    /// One for each other group, in order.
    public let sides: [ComparedSide]
    /// What was unfair and was forced; empty otherwise.
    public let forced: [Unfairness]
    /// What differs and does not forbid the comparison.
    public let remarks: [Unfairness]
    /// The metrics that were asked for by name.
    public let metrics: [String]
    /// The margin within which sides are called the same; nil where none was asked for.
    public let sameWithin: Double?

    /// - Parameter groups: the baseline first.
    public init(_ groups: [RunGroup], options: ComparisonOptions = ComparisonOptions()) throws(ComparisonError) {
        guard groups.count >= 2, groups.allSatisfy({ !$0.runs.isEmpty }) else { throw .nothingToCompare }
        var ids: Set<String> = []
        for run in groups.flatMap(\.runs) where !ids.insert(run.id).inserted { throw .repeated(run.name) }
        let (fairness, problems) = Comparison.fairness(groups, options)
        guard problems.isEmpty || options.force else { throw .unfair(problems) }
        forced = options.force ? problems + fairness.modes(groups) : []
        remarks = fairness.remarks(groups)
        baseline = groups[0]
        metrics = options.metrics
        sameWithin = options.sameWithin
        var options = options
        options.isPerRun = options.isPerRun || Comparison.haveOwnCommands(groups)
        let choice = try MeasureChoice(options)
        sides = groups.dropFirst().map { ComparedSide($0, against: groups[0], choice, options) }
    }

    /// The rows that got worse by more than a share of the baseline, as far as that is shown.
    /// - Parameter limit: 0.1 for ten percent.
    public func regressions(beyond limit: Double) -> [(side: ComparedSide, row: ComparedRow)] {
        sides.flatMap { side in side.rows.filter { $0.isRegression(beyond: limit) }.map { (side, $0) } }
    }

    private static func fairness(_ groups: [RunGroup], _ options: ComparisonOptions) -> (Fairness, [Unfairness]) {
        let all = (options.compared.isEmpty ? [[]] : options.compared).map { compared in
            let fairness = Fairness(compared: compared)
            return (fairness: fairness, problems: fairness.problems(groups))
        }
        // Where none is fair, the one that is closest to it says why.
        let best = all.min { $0.problems.count < $1.problems.count } ?? all[0]
        return (best.fairness, best.problems)
    }

    /// Whether each group is of one command, and not all are of the same.
    private static func haveOwnCommands(_ groups: [RunGroup]) -> Bool {
        let commands = groups.map { Set($0.runs.map { $0.conditions[.command] ?? "" }) }
        return commands.allSatisfy { $0.count == 1 && $0.first?.isEmpty == false } && Set(commands).count > 1
    }
}
