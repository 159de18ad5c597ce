/// The rows of an interval.
public struct Costs: Sendable {
    private let interval: Interval
    private let byMetric: [Metric: [SeriesInterval]]
    private let cpus: Int?

    /// - Parameter cpus: online CPUs, where no series tells.
    public init(_ interval: Interval, cpus: Int?) {
        self.interval = interval
        byMetric = Dictionary(grouping: interval.series, by: \.key.metric)
        self.cpus = interval[SeriesKey(.cpusOnline)]?.all.map { Int(clamping: $0.count) } ?? cpus
    }

    /// The numbers of a row.
    public subscript(_ row: CostRow) -> CostNumbers {
        if row == .readerSpins { return spins }
        var numbers = CostNumbers()
        numbers.rate = total(series(row.counter, row)) { $0.count }
        if row == .walksAgain { numbers.time = numbers.rate.map(priced) }
        if let timer = row.timer { time(&numbers, series(timer, row)) }
        if numbers.time == nil, let standIn = row.standIn { numbers.time = sampled(standIn.share, standIn.mark) }
        return numbers
    }

    /// The sites of a row where something happened: those that took longest first, then the most frequent.
    public func parts(_ row: CostRow) -> [CostPart] {
        let active = series(row.parts, row).filter { ($0.all?.count ?? 0) > 0 }
        let parts = active.map { CostPart(site: $0.key.site, numbers: numbers(of: $0, row)) }
        return parts.enumerated().sorted { left, right in
            let (one, other) = (left.element.weight, right.element.weight)
            return one == other ? left.offset < right.offset : one > other
        }.map(\.element)
    }

    /// The durations of a row, all sites together; nil where none are known.
    public func durations(_ row: CostRow) -> Histogram? {
        let timed = row == .readerSpins ? byMetric[.readerWait] ?? [] : row.timer.map { series($0, row) } ?? []
        let known = timed.compactMap { $0.all?.histogram }
        return known.isEmpty ? nil : Delta.sum(known.map(Delta.durations))?.histogram
    }

    private func numbers(of series: SeriesInterval, _ row: CostRow) -> CostNumbers {
        var numbers = CostNumbers()
        numbers.rate = total([series]) { $0.count }
        if row == .walksAgain { numbers.time = numbers.rate.map(priced) }
        let timer = row.timer.flatMap { byMetric[$0] }?.first { $0.key.site == series.key.site }
        if let timer, row.parts == row.counter { time(&numbers, [timer]) }
        return numbers
    }

    /// On PREEMPT_RT readers block: then each of their waits is timed.
    private var spins: CostNumbers {
        var numbers = CostNumbers()
        let blocked = byMetric[.readerWait] ?? []
        if blocked.contains(where: { $0.all != nil }) {
            numbers.rate = total(blocked) { $0.count }
            time(&numbers, blocked)
            return numbers
        }
        numbers.rate = total(byMetric[.readerSpins] ?? []) { $0.count }
        numbers.time = total(byMetric[.spinTime] ?? []) { $0.nanoseconds }
        if numbers.time == nil, let cpus {
            numbers.time = sampled(.spinShare, .about)?.times(Double(cpus))
        }
        return numbers
    }

    private func time(_ numbers: inout CostNumbers, _ series: [SeriesInterval]) {
        numbers.time = total(series) { $0.nanoseconds }
        let histograms = series.compactMap { $0.all?.histogram }
        guard let all = Delta.sum(histograms.map(Delta.durations))?.histogram, all.count > 0 else { return }
        numbers.p50 = all.percentile(0.5)
        numbers.p99 = all.percentile(0.99)
        numbers.longest = all.maximum
        numbers.mark = numbers.time?.mark ?? .exact
    }

    /// Of shares of time, nanoseconds a second.
    private func sampled(_ metric: Metric, _ mark: Mark) -> Amount? {
        Amount.share((byMetric[metric] ?? []).map { SampledSite($0.mode, $0.all) })?.times(1e9, mark)
    }

    private func series(_ metric: Metric, _ row: CostRow) -> [SeriesInterval] {
        (byMetric[metric] ?? []).filter { row.includes($0.key.site) }
    }

    /// A second, of all series together.
    private func total(_ series: [SeriesInterval], _ value: (Delta) -> UInt64?) -> Amount? {
        var parts: [Amount?] = []
        for one in series {
            let known = one.all.flatMap(value)
            // A kernel has one of both: writers and exclusive readers, or either.
            if known == nil, one.key.metric == .lockWait { continue }
            parts.append(known.map { Amount(interval.rate($0, of: one), Mark(one.mode)) })
        }
        return Amount.sum(parts)
    }

    private func priced(_ rate: Amount) -> Amount {
        rate.times(LockVerdict.pricePerWalk, .about)
    }
}

extension CostPart {
    fileprivate var weight: (Double, Double) { (numbers.time?.value ?? 0, numbers.rate?.value ?? 0) }
}
