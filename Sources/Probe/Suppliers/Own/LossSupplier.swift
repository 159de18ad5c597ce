import Contention

/// What was not counted, by cause: the losses of all other suppliers together.
final class LossSupplier: SeriesSupplier {
    private let others: [any SeriesSupplier]

    init(of others: [any SeriesSupplier]) { self.others = others }

    func offer(_ key: SeriesKey) -> Offer? {
        guard key.metric == .lostEvents, let cause = LossCause(rawValue: key.site) else { return nil }
        // An interrupt may be under way while the samples are counted: some misses are not known yet.
        return .read(cause == .missedSample ? .estimated : .exact)
    }

    func refresh(_ moment: ReadingMoment) {}

    func value(_ key: SeriesKey) -> ReadingValue {
        guard let cause = LossCause(rawValue: key.site) else { return .unavailable(reason: "no such cause") }
        let counts = others.map { $0.lost(cause) }
        let known = counts.compactMap { count -> UInt64? in
            if case .count(let lost) = count { lost } else { nil }
        }
        guard known.isEmpty else { return .total(known.reduce(0, +)) }
        return .unavailable(reason: Self.whyUnknown(cause, isCounted: !counts.contains(.uncounted)))
    }

    private static func whyUnknown(_ cause: LossCause, isCounted: Bool) -> String {
        switch cause {
        case .recursion:
            isCounted
                ? "no program is attached" : "kernels before 5.12 do not count them, before 6.7 not those of kprobes"
        case .missedKprobe: isCounted ? "no kprobe is attached" : "kernels before 6.7 do not count them"
        case .missedSample: "nothing is sampled"
        case .scanFull, .blameFull, .nameFull: "nothing is counted by actor"
        case .unmatched, .mapFull, .impossible: "nothing is timed"
        }
    }
}
