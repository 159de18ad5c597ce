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
    /// Conditions that may differ between the groups, because that is what is compared.
    public var compared: Set<Condition> = [.kernelRelease, .kernelBuild]
    /// Compare what is not alike, what one run counts and another estimates among it, and say so.
    public var force = false
    /// Other denominators, sites and shares too.
    public var isDetailed = false
    /// `write_sections`, `mount_lock.read_retries`, `namespace_sem`; empty for all.
    public var metrics: [String] = []
    public var bootstrap = Bootstrap()

    public init() {}
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

    /// - Parameter groups: the baseline first.
    public init(_ groups: [RunGroup], options: ComparisonOptions = ComparisonOptions()) throws(ComparisonError) {
        guard groups.count >= 2, groups.allSatisfy({ !$0.runs.isEmpty }) else { throw .nothingToCompare }
        var ids: Set<String> = []
        for run in groups.flatMap(\.runs) where !ids.insert(run.id).inserted { throw .repeated(run.name) }
        let fairness = Fairness(compared: options.compared)
        let problems = fairness.problems(groups)
        guard problems.isEmpty || options.force else { throw .unfair(problems) }
        forced = options.force ? problems + fairness.modes(groups) : []
        baseline = groups[0]
        let choice = try MeasureChoice(options)
        sides = groups.dropFirst().map { ComparedSide($0, against: groups[0], choice, options) }
    }

    /// The rows that got worse by more than a share of the baseline, as far as that is shown.
    /// - Parameter limit: 0.1 for ten percent.
    public func regressions(beyond limit: Double) -> [(side: ComparedSide, row: ComparedRow)] {
        sides.flatMap { side in side.rows.filter { $0.isRegression(beyond: limit) }.map { (side, $0) } }
    }
}

/// The rules that a user's options leave.
struct MeasureChoice {
    private let rules: [MeasureRule]
    private let isDetailed: Bool

    init(_ options: ComparisonOptions) throws(ComparisonError) {
        var rules = options.isDetailed ? MeasureRule.detailed : MeasureRule.primary
        for name in options.metrics where !MeasureRule.detailed.contains(where: { $0.metric.isCalled(name) }) {
            throw .noMetric(name)
        }
        if !options.metrics.isEmpty {
            rules = rules.filter { rule in options.metrics.contains { rule.metric.isCalled($0) } }
        }
        self.rules = rules
        isDetailed = options.isDetailed
    }

    /// The measures of these runs, and those that not every run knows.
    func read(_ set: RunSet) -> (known: [MeasureReading], leftOut: [LeftOut]) {
        var known: [MeasureReading] = []
        var leftOut: [LeftOut] = []
        for rule in rules {
            for site in rule.measures(per: rule.per[0]).map(\.site) {
                var gap: LeftOut?
                var found: [MeasureReading] = []
                for per in rule.per where isDetailed || found.isEmpty {
                    let measure = Measure(rule.metric, site: site, rule.quantity, per: per)
                    do {
                        found.append(try set.read(measure))
                    } catch {
                        gap = gap ?? LeftOut(measure: measure, reason: error.reason)
                    }
                }
                known += found
                if found.isEmpty, let gap { leftOut.append(gap) }
            }
        }
        return (known, leftOut)
    }
}

/// A measure that is not compared.
public struct LeftOut: Sendable, Equatable {
    public let measure: Measure
    public let reason: String
}

extension Metric {
    fileprivate func isCalled(_ text: String) -> Bool {
        text == name || text == qualifiedName || text == subject.rawValue
    }
}
