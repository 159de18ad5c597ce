/// Adds up what a verdict is made of, series by series: of an interval, of a run, or of rows of a recording.
public struct VerdictTally: Sendable {
    private var parts: [Metric: Part] = [:]
    private var online: UInt64?

    /// The series of a metric together.
    private struct Part: Sendable {
        /// Nanoseconds or events, a nanosecond.
        var amount: Amount?
        var isUnknownInPart = false
        var samples: [SampledSite] = []

        /// At least that much where a series is missing; nil where all are.
        var known: Amount? {
            guard samples.isEmpty else { return Amount.share(samples) }
            guard var amount else { return nil }
            if isUnknownInPart { amount.mark = amount.mark.joined(.atLeast) }
            return amount
        }
    }

    private static let metrics: Set<Metric> = [
        .spinTime, .spinShare, .lockWait, .lockQueue, .walkFallbacks, .readerWait, .readWait, .writeWait, .cpusOnline,
    ]

    public init() {}

    /// Whether series of the metric say something.
    public static func uses(_ metric: Metric) -> Bool { metrics.contains(metric) }

    /// Takes a series.
    /// - Parameters:
    ///   - delta: the machine's; nil where unknown.
    ///   - elapsed: the nanoseconds that it stands for.
    public mutating func add(_ key: SeriesKey, mode: Mode, _ delta: Delta?, over elapsed: UInt64) {
        let metric = key.metric
        guard VerdictTally.uses(metric) else { return }
        if metric == .cpusOnline {
            online = delta?.count ?? online
            return
        }
        guard metric.kind.view != .share else {
            parts[metric, default: Part()].samples.append(SampledSite(mode, delta))
            return
        }
        guard let delta, mode != .unavailable else {
            // A kernel has one of both: writers and exclusive readers, or either.
            if metric != .lockWait { parts[metric, default: Part()].isUnknownInPart = true }
            return
        }
        let amount = Amount(Double(delta.nanoseconds ?? delta.count) / Double(max(1, elapsed)), Mark(mode))
        let sum = parts[metric]?.amount?.adding(amount) ?? amount
        parts[metric, default: Part()].amount = sum
    }

    /// - Parameter cpus: online CPUs, where no series tells.
    public func verdict(cpus: Int?) -> LockVerdict {
        var verdict = LockVerdict()
        verdict.cpus = online.map { Int(clamping: $0) } ?? cpus
        verdict.walkingAgain = parts[.walkFallbacks]?.known?.times(LockVerdict.pricePerWalk, .about)
        verdict.semaphoreWaiters = Amount.sum([parts[.readWait]?.known, parts[.writeWait]?.known])
        if let asleep = parts[.readerWait]?.known {
            verdict.sleepers = Amount.sum([asleep, parts[.lockWait]?.known])
            return verdict
        }
        verdict.isSampled = isSampled
        verdict.spinning = parts[.spinTime]?.known ?? spinningSamples(verdict.cpus)
        verdict.waiting = parts[.lockWait]?.known ?? queueSamples
        return verdict
    }

    private var isSampled: Bool {
        let standIns: [(Metric, Metric)] = [(.spinTime, .spinShare), (.lockWait, .lockQueue)]
        return standIns.contains { parts[$0]?.known == nil && parts[$1]?.known != nil }
    }

    private func spinningSamples(_ cpus: Int?) -> Amount? {
        guard let share = parts[.spinShare]?.known, let cpus else { return nil }
        return share.times(Double(cpus), .about)
    }

    /// One waits at least whenever somebody does.
    private var queueSamples: Amount? {
        parts[.lockQueue]?.known?.times(1, .atLeast)
    }
}

extension Interval {
    /// How bad it was.
    /// - Parameter cpus: online CPUs, where no series tells.
    public func verdict(cpus: Int?) -> LockVerdict {
        var tally = VerdictTally()
        for one in series { tally.add(one.key, mode: one.mode, one.all, over: one.measured ?? elapsed) }
        return tally.verdict(cpus: cpus)
    }
}
