import Contention
import SystemCalls

/// What mountscope itself costs.
final class OwnCostSupplier: SeriesSupplier {
    private let others: [any SeriesSupplier]
    /// Assumed until something is known.
    private var prices = ProbePrices.assumed
    /// Since it began, with the one that is being taken.
    private var snapshots: UInt64 = 0

    init(of others: [any SeriesSupplier]) { self.others = others }

    /// Counts snapshots from here on.
    func begin(_ prices: ProbePrices) {
        self.prices = prices
        snapshots = 0
    }

    func offer(_ key: SeriesKey) -> Offer? {
        guard key.metric == .ownCost else { return nil }
        return .read(key.site == "process" ? .exact : .estimated)
    }

    func refresh(_ moment: ReadingMoment) { snapshots += 1 }

    func value(_ key: SeriesKey) -> ReadingValue {
        switch key.site {
        case "process": .timedTotal(TimedCount(count: snapshots - min(snapshots, 1), nanoseconds: Clocks.processCPU()))
        case "probes": probes(others.flatMap(\.programs))
        case "sampler": sampler(others.flatMap(\.programs))
        default: .unavailable(reason: "no such part")
        }
    }

    func probes(_ programs: [AttachedProgram]) -> ReadingValue {
        let probes = programs.filter { !$0.isTimer }
        guard !probes.isEmpty else { return .unavailable(reason: "no probe is attached") }
        return .timedTotal(
            TimedCount(
                count: probes.reduce(0) { $0 + $1.hits },
                nanoseconds: UInt64(probes.reduce(0) { $0 + prices.cost($1) })))
    }

    private func sampler(_ programs: [AttachedProgram]) -> ReadingValue {
        let timers = programs.filter(\.isTimer)
        guard !timers.isEmpty else { return .unavailable(reason: "nothing is sampled") }
        return .timedTotal(
            TimedCount(
                count: timers.reduce(0) { $0 + $1.hits },
                nanoseconds: UInt64(timers.reduce(0) { $0 + prices.cost($1) })))
    }

    func lost(_ key: SeriesKey) -> UInt64? { key.site == "process" ? 0 : nil }
}
