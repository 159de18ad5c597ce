/// The rules that a user's options leave.
struct MeasureChoice {
    private let rules: [MeasureRule]
    private let options: ComparisonOptions

    init(_ options: ComparisonOptions) throws(ComparisonError) {
        self.options = options
        let all = options.isDetailed ? MeasureTable.detailed : MeasureTable.primary
        guard !options.metrics.isEmpty else {
            rules = all
            return
        }
        var rules: [MeasureRule] = []
        for name in options.metrics {
            let named = all.filter { $0.metric.isCalled(name) }
            // What is named is compared, also where it is not among the few.
            let found = named.isEmpty ? MeasureTable.detailed.filter { $0.metric.isCalled(name) } : named
            guard !found.isEmpty else { throw .noMetric(name) }
            rules += found.filter { one in !rules.contains { $0.isSame(as: one) } }
        }
        self.rules = rules
    }

    /// The measures of these runs, and those that not every run knows.
    func read(_ set: RunSet) -> (known: [(MeasureRule, MeasureReading)], leftOut: [LeftOut]) {
        var known: [(MeasureRule, MeasureReading)] = []
        var leftOut: [LeftOut] = []
        for rule in rules {
            for site in rule.sites {
                var gap: LeftOut?
                var found = false
                for per in denominators(rule, site) where !found || options.isDetailed && per.isOfEvents {
                    let measure = Measure(rule.metric, site: site, rule.quantity, per: per)
                    do {
                        known.append((rule, try set.read(measure)))
                        found = true
                    } catch {
                        gap =
                            gap
                            ?? LeftOut(
                                measure: measure, cause: error.cause, reason: error.reason, isGated: rule.isGated)
                    }
                }
                if !found, let gap { leftOut.append(gap) }
            }
        }
        return (known, leftOut)
    }

    /// Where commands are compared, what one run of each causes is the question.
    private func denominators(_ rule: MeasureRule, _ site: String?) -> [Denominator] {
        let per = rule.denominators(site: site)
        return options.isPerRun && per.contains(.run) ? [.run] + per.filter { $0 != .run } : per
    }
}

extension MeasureRule {
    fileprivate func isSame(as other: MeasureRule) -> Bool {
        metric == other.metric && quantity == other.quantity && isBySite == other.isBySite && per == other.per
    }
}
