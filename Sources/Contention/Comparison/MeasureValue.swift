/// A measure of one run.
enum MeasureValue: Equatable {
    case known(Double)
    /// Why there is none.
    case unknown(String)

    var number: Double? {
        if case .known(let number) = self { number } else { nil }
    }
}

extension Measure {
    /// The series of a run that this measure adds up: at fixed sites those that every run knows, at functions those of
    /// the run's own kernel.
    func series(of run: RunFacts, among runs: [RunFacts]) -> [SeriesKey] {
        if metric.siteKind == .functions {
            return run.totals.keys.filter { $0.metric.isSame(as: metric) && run.knows($0) }
        }
        let keys = site.map { [SeriesKey(metric, site: $0)] } ?? metric.sites.map { SeriesKey(metric, site: $0) }
        return keys.filter { key in runs.allSatisfy { $0.knows(key) } }
    }

    /// The value of one run.
    func value(of run: RunFacts, among runs: [RunFacts]) -> MeasureValue {
        let totals = series(of: run, among: runs).compactMap { run.totals[$0] }
        let amounts = totals.compactMap { quantity == .count ? $0.count : $0.nanoseconds }
        guard !totals.isEmpty, amounts.count == totals.count else {
            return .unknown("not measured in \"\(firstWithout(runs)?.name ?? run.name)\"")
        }
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

    /// The first run that knows nothing of the metric at the site.
    private func firstWithout(_ runs: [RunFacts]) -> RunFacts? {
        runs.first { run in
            !run.totals.keys.contains { key in
                key.metric.isSame(as: metric) && (site == nil || site == key.site) && run.knows(key)
            }
        }
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
