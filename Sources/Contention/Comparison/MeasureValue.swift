/// A measure of one run.
enum MeasureValue: Equatable {
    case known(Double)
    /// Why there is none.
    case unknown(String)

    var number: Double? {
        if case .known(let number) = self { number } else { nil }
    }
}

/// The runs of both sides, and which of their series mean the same.
struct RunSet {
    let runs: [RunFacts]
    /// Whether what one run counts and another estimates is compared all the same.
    let mixesModes: Bool

    /// The series of a run that a measure adds up: at fixed sites those that every run knows alike, at functions those of
    /// the run's own kernel.
    func series(_ measure: Measure, of run: RunFacts) -> [SeriesKey] {
        if measure.metric.siteKind == .functions {
            return hasOneMode(runs.map { weakest(measure, $0) }) ? known(measure, run) : []
        }
        return sites(measure).filter { key in
            runs.allSatisfy { $0.knows(key) } && hasOneMode(runs.map { $0.totals[key]?.mode })
        }
    }

    /// Sites with events that are not added up, because not every run knows them alike.
    func omitted(_ measure: Measure) -> [String] {
        guard measure.metric.siteKind == .fixed, measure.site == nil, let first = runs.first else { return [] }
        let used = Set(series(measure, of: first))
        return sites(measure).filter { key in
            !used.contains(key) && runs.contains { ($0.totals[key]?.count ?? 0) > 0 }
        }.map(\.site)
    }

    /// Why there is nothing to add up.
    func gap(_ measure: Measure) -> String {
        if let lacking = runs.first(where: { known(measure, $0).isEmpty }) {
            return "not measured in \"\(lacking.name)\""
        }
        guard let first = runs.first, let mode = weakest(measure, first),
            let other = runs.first(where: { weakest(measure, $0) != mode }), let another = weakest(measure, other)
        else { return "no site is measured in every run alike" }
        return "\(mode.rawValue) in \"\(first.name)\", \(another.rawValue) in \"\(other.name)\""
    }

    private func sites(_ measure: Measure) -> [SeriesKey] {
        (measure.site.map { [$0] } ?? measure.metric.sites).map { SeriesKey(measure.metric, site: $0) }
    }

    private func known(_ measure: Measure, _ run: RunFacts) -> [SeriesKey] {
        run.totals.keys.filter { key in
            key.metric.isSame(as: measure.metric) && (measure.site == nil || measure.site == key.site) && run.knows(key)
        }
    }

    private func weakest(_ measure: Measure, _ run: RunFacts) -> Mode? {
        let modes = Set(known(measure, run).compactMap { run.totals[$0]?.mode })
        return [Mode.estimated, .sampled, .exact].first { modes.contains($0) }
    }

    private func hasOneMode(_ modes: [Mode?]) -> Bool { mixesModes || Set(modes).count == 1 }
}

extension Measure {
    /// The value of one run.
    func value(of run: RunFacts, in set: RunSet) -> MeasureValue {
        let totals = set.series(self, of: run).compactMap { run.totals[$0] }
        let amounts = totals.compactMap { quantity == .count ? $0.count : $0.nanoseconds }
        guard !totals.isEmpty, amounts.count == totals.count else { return .unknown(set.gap(self)) }
        let divisor: Double?
        switch per {
        case .event: divisor = Measure.sum(totals.map(\.count))
        case .sample: divisor = Measure.sum(totals.map(\.whole))
        default: divisor = run.amount(of: per)
        }
        guard let divisor else { return .unknown("\"\(run.name)\" does not say how many \(plural) there were") }
        guard divisor > 0 else { return .unknown("no \(plural) in \"\(run.name)\"") }
        return .known(amounts.reduce(0) { $0 + Double($1) } / divisor)
    }

    private static func sum(_ values: [UInt64?]) -> Double? {
        values.reduce(0.0) { sum, value in sum.flatMap { sum in value.map { sum + Double($0) } } }
    }
}

extension RunFacts {
    func knows(_ key: SeriesKey) -> Bool { totals[key]?.count != nil }

    /// How many of a denominator the run had; nil where it does not know. For those that are the metric's own see
    /// `Measure.value`.
    func amount(of denominator: Denominator) -> Double? {
        switch denominator {
        case .writeSection: totals[SeriesKey(.writeSections)]?.count.map { Double($0) }
        case .mountOperation: workload?.operations(["bind", "remount", "unshare"]).map { Double($0) }
        case .millionLookups:
            workload?.operations(["stat", "open", "dotdot", "refwalk"]).map { Double($0) / 1e6 }
        case .scan: workload?.operations(["mountinfo"]).map { Double($0) }
        case .listedMount:
            workload.flatMap { load in
                load.operations(["mountinfo"]).flatMap { scans in load.mounts.map { Double(scans) * Double($0) } }
            }
        case .event, .sample: nil
        }
    }
}

extension Measure {
    /// Of the denominator.
    fileprivate var plural: String { per == .millionLookups ? "lookups" : perName + "s" }
}

extension Metric {
    func isSame(as other: Metric) -> Bool { subject == other.subject && name == other.name }
}
