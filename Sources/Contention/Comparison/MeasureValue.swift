/// A measure in every run of a set.
struct MeasureReading {
    let measure: Measure
    /// By run, in the order of the set.
    let values: [Double]
    /// The largest share of its events that any run knows to have lost; nil where some run cannot know.
    let lostShare: Double?
    /// Sites with events that are not added up, because not every run knows them alike.
    let omitted: [String]
}

/// The runs of both sides, and which of their series mean the same.
struct RunSet {
    let runs: [RunFacts]
    /// Whether what one run counts and another estimates is compared all the same.
    let mixesModes: Bool

    /// A measure in every run.
    /// - Throws: `MeasureGap` where not every run has a value.
    func read(_ measure: Measure) throws(MeasureGap) -> MeasureReading {
        let common = measure.metric.siteKind == .fixed ? commonSites(measure) : nil
        if common == nil, !hasOneMode(runs.map { weakest(measure, $0) }) { throw MeasureGap(reason: gap(measure)) }
        var values: [Double] = []
        var lost: Double? = 0
        for run in runs {
            let totals = (common ?? known(measure, run)).compactMap { run.totals[$0] }
            let amounts = totals.compactMap { measure.quantity == .count ? $0.count : $0.nanoseconds }
            guard !totals.isEmpty, amounts.count == totals.count else { throw MeasureGap(reason: gap(measure)) }
            let divisor = try measure.divisor(run, totals)
            values.append(amounts.reduce(0) { $0 + Double($1) } / divisor)
            lost = lost.flatMap { most in RunSet.lostShare(totals).map { max(most, $0) } }
        }
        return MeasureReading(
            measure: measure, values: values, lostShare: lost, omitted: omitted(measure, common ?? []))
    }

    /// The sites that every run knows alike.
    private func commonSites(_ measure: Measure) -> [SeriesKey] {
        sites(measure).filter { key in
            runs.allSatisfy { $0.knows(key) } && hasOneMode(runs.map { $0.totals[key]?.mode })
        }
    }

    private func omitted(_ measure: Measure, _ used: [SeriesKey]) -> [String] {
        guard measure.metric.siteKind == .fixed, measure.site == nil else { return [] }
        return sites(measure).filter { key in
            !used.contains(key) && runs.contains { ($0.totals[key]?.count ?? 0) > 0 }
        }.map(\.site)
    }

    private static func lostShare(_ totals: [RunTotal]) -> Double? {
        var (events, missed) = (UInt64(0), UInt64(0))
        for total in totals {
            guard let lost = total.lost else { return nil }
            missed += lost
            events += total.count ?? 0
        }
        return missed == 0 ? 0 : Double(missed) / Double(missed + events)
    }

    /// Why there is nothing to add up.
    private func gap(_ measure: Measure) -> String {
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
            key.metric == measure.metric && (measure.site == nil || measure.site == key.site) && run.knows(key)
        }
    }

    private func weakest(_ measure: Measure, _ run: RunFacts) -> Mode? {
        let modes = Set(known(measure, run).compactMap { run.totals[$0]?.mode })
        return [Mode.estimated, .sampled, .exact].first { modes.contains($0) }
    }

    private func hasOneMode(_ modes: [Mode?]) -> Bool { mixesModes || Set(modes).count == 1 }
}

/// Why a measure is not compared.
struct MeasureGap: Error {
    let reason: String
}

extension Measure {
    /// What the amount of a run is divided by.
    fileprivate func divisor(_ run: RunFacts, _ totals: [RunTotal]) throws(MeasureGap) -> Double {
        let divisor: Double?
        switch per {
        case .event: divisor = Measure.sum(totals.map(\.count))
        case .sample: divisor = Measure.sum(totals.map(\.whole))
        default: divisor = run.amount(of: per)
        }
        guard let divisor else {
            throw MeasureGap(reason: "\"\(run.name)\" does not say how many \(plural) there were")
        }
        guard divisor > 0 else { throw MeasureGap(reason: "no \(plural) in \"\(run.name)\"") }
        return divisor
    }

    private static func sum(_ values: [UInt64?]) -> Double? {
        values.reduce(0.0) { sum, value in sum.flatMap { sum in value.map { sum + Double($0) } } }
    }
}

extension RunFacts {
    func knows(_ key: SeriesKey) -> Bool { totals[key]?.count != nil }

    /// How many of a denominator the run had; nil where it does not know, or they are the metric's own.
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
