/// A measure in every run of a set.
struct MeasureReading {
    let measure: Measure
    /// One set of values, by run, for each way to divide the measure: several where the sides did their operations in
    /// other proportions and nobody knows which of them caused how much.
    let alternatives: [Alternative]
    /// The largest share of its events that any run knows to have lost; nil where some run cannot know.
    let lostShare: Double?
    /// Sites that are not added up, because not every run knows them alike.
    let omitted: [Omission]

    struct Alternative {
        /// The kind of operations it is divided by; nil for all of the denominator's.
        let kind: String?
        /// By run, in the order of the set.
        let values: [Double]
    }
}

/// A site that is no part of a sum.
public struct Omission: Sendable, Equatable {
    public let site: String
    /// Whether a run that knows it saw events there.
    public let hasEvents: Bool
}

/// Why a measure is not compared.
public struct MeasureGap: Error, Equatable {
    public enum Cause: Sendable, Equatable {
        /// No run of either side knows it.
        case nowhere
        /// Some runs know it, others do not.
        case missing
        /// Counted in one run, estimated in another.
        case mixed
        /// Nothing to divide by.
        case noDenominator
    }

    public let cause: Cause
    public let reason: String
}

/// The runs of both sides, and which of their series mean the same.
struct RunSet {
    let base: [RunFacts]
    let new: [RunFacts]
    /// Whether what one run counts and another estimates is compared all the same.
    let mixesModes: Bool

    var runs: [RunFacts] { base + new }

    /// A measure in every run.
    /// - Throws: `MeasureGap` where not every run has a value.
    func read(_ measure: Measure) throws(MeasureGap) -> MeasureReading {
        let sites = SiteChoice(measure, runs, mixesModes: mixesModes)
        if let gap = sites.gap ?? sampleGap(measure) { throw gap }
        var amounts: [Double] = []
        var totals: [[RunTotal]] = []
        var lost: Double? = 0
        for run in runs {
            let used = sites.used.compactMap { run.totals[$0] }
            amounts.append(
                used.reduce(0) { $0 + Double((measure.quantity == .number ? $1.count : $1.nanoseconds) ?? 0) })
            totals.append(used)
            lost = lost.flatMap { most in RunSet.lostShare(used).map { max(most, $0) } }
        }
        let divisors = try divisors(measure, totals)
        return MeasureReading(
            measure: measure,
            alternatives: divisors.map { one in
                MeasureReading.Alternative(kind: one.kind, values: zip(amounts, one.values).map { $0 / $1 })
            }, lostShare: lost, omitted: measure.site == nil ? sites.omitted : [])
    }

    private static func lostShare(_ totals: [RunTotal]) -> Double? {
        var (events, missed) = (0.0, 0.0)
        for total in totals {
            guard let lost = total.lost else { return nil }
            missed += Double(lost)
            events += Double(total.count ?? 0)
        }
        return missed == 0 ? 0 : missed / (missed + events)
    }

    /// Shares of samples that were taken at other rates are known to other precisions, and cost the host something else.
    private func sampleGap(_ measure: Measure) -> MeasureGap? {
        guard measure.per == .sample, !mixesModes else { return nil }
        let known = runs.filter { $0.conditions[.sampleRate] != nil }
        guard let first = known.first, let rate = first.conditions[.sampleRate],
            let other = known.first(where: { $0.conditions[.sampleRate] != rate }),
            let another = other.conditions[.sampleRate]
        else { return nil }
        return MeasureGap(
            cause: .mixed, reason: "--sample-hz is \(rate) in \"\(first.name)\", \(another) in \"\(other.name)\"")
    }
}

/// Which sites of a measure are added up.
struct SiteChoice {
    private let measure: Measure
    private let runs: [RunFacts]
    private let mixesModes: Bool
    /// Those that every run knows alike.
    let used: [SeriesKey]
    let omitted: [Omission]

    init(_ measure: Measure, _ runs: [RunFacts], mixesModes: Bool) {
        self.measure = measure
        self.runs = runs
        self.mixesModes = mixesModes
        var used: [SeriesKey] = []
        var omitted: [Omission] = []
        for key in SiteChoice.keys(measure, runs) {
            let states = runs.map { SiteChoice.state(key, measure.quantity, $0) }
            let modes = Set(states.compactMap(\.mode))
            if !states.contains(.unknown), !modes.isEmpty, modes.count == 1 || mixesModes {
                used.append(key)
                continue
            }
            let hasEvents = runs.contains { ($0.totals[key]?.count ?? 0) > 0 }
            // A function that the other kernel does not have, and this one does not let be watched.
            let isHidden = states.contains(.unknown) && states.contains(.absent)
            if hasEvents || isHidden && !key.site.isEmpty {
                omitted.append(Omission(site: key.site, hasEvents: hasEvents))
            }
        }
        self.used = used
        self.omitted = omitted
    }

    /// A site in a run.
    private enum State: Equatable {
        case known(Mode)
        case unknown
        /// The run's kernel has no such function.
        case absent

        var mode: Mode? { if case .known(let mode) = self { mode } else { nil } }
    }

    private static func state(_ key: SeriesKey, _ quantity: Quantity, _ run: RunFacts) -> State {
        guard let total = run.totals[key] else { return key.metric.siteKind == .functions ? .absent : .unknown }
        guard total.count != nil, quantity == .number || total.nanoseconds != nil else { return .unknown }
        return .known(total.mode)
    }

    private static func keys(_ measure: Measure, _ runs: [RunFacts]) -> [SeriesKey] {
        if let site = measure.site { return [SeriesKey(measure.metric, site: site)] }
        guard measure.metric.siteKind == .functions else {
            return measure.metric.sites.map { SeriesKey(measure.metric, site: $0) }
        }
        var sites: Set<String> = []
        for run in runs {
            for key in run.totals.keys where key.metric == measure.metric { sites.insert(key.site) }
        }
        return sites.sorted().map { SeriesKey(measure.metric, site: $0) }
    }

    /// Why nothing can be added up; nil where something can.
    var gap: MeasureGap? {
        let modes = runs.map { weakest($0, of: used) }
        let isComplete = !modes.contains(nil)
        if isComplete, mixesModes || Set(modes).count == 1 { return nil }
        let keys = SiteChoice.keys(measure, runs)
        let all = runs.map { weakest($0, of: keys) }
        guard let first = all.first(where: { $0 != nil }) ?? nil else {
            return MeasureGap(cause: .nowhere, reason: "not measured in any run")
        }
        if let lacking = zip(runs, all).first(where: { $0.1 == nil })?.0 {
            return MeasureGap(cause: .missing, reason: "not measured in all of \"\(lacking.name)\"")
        }
        guard let index = all.firstIndex(where: { $0 != first }), let other = all[index] else {
            return MeasureGap(cause: .missing, reason: "no site is measured in every run alike")
        }
        return MeasureGap(
            cause: .mixed,
            reason: "\(first.rawValue) in \"\(runs[0].name)\", \(other.rawValue) in \"\(runs[index].name)\"")
    }

    /// The mode of a sum of sites in a run; nil where none of them is known.
    private func weakest(_ run: RunFacts, of keys: [SeriesKey]) -> Mode? {
        let modes = Set(keys.compactMap { SiteChoice.state($0, measure.quantity, run).mode })
        return [Mode.estimated, .sampled, .exact].first { modes.contains($0) }
    }
}
