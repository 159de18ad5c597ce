import Contention

/// One series of a replay: its latest interval, and everything since the beginning.
struct ReplayedSeries {
    let key: SeriesKey
    /// Among the series of the run.
    let place: Int
    /// Why it has no numbers, where it has none.
    private let reason: String
    /// Whether the first interval has numbers: a sum without it would not be of the whole run.
    private let isSummed: Bool
    private let isLostSummed: Bool
    /// Whether the next interval's numbers are differences to what is known.
    private var isKnown: Bool
    private var mode: Mode
    private var isLostKnown: Bool
    /// Since the beginning; of a level the latest.
    private var lost: UInt64 = 0
    private var all: Delta?
    private var cpus: [Delta?] = []

    /// - Parameter first: how it was in the first interval; nil where that has no row of it.
    init(key: SeriesKey, place: Int, first: RecordedSeries?, reason: String) {
        self.key = key
        self.place = place
        self.reason = reason
        mode = first?.mode ?? .unavailable
        isKnown = mode != .unavailable
        isSummed = isKnown && first?.all != nil
        isLostKnown = first?.lost != nil
        isLostSummed = isLostKnown
        all = first?.all?.nothing
        cpus = first?.cpus.map { $0?.nothing } ?? []
    }

    private var isLevel: Bool { key.metric.kind == .level }

    /// Takes the next interval.
    /// - Parameter recorded: nil where the interval has no row of it: then nothing happened.
    /// - Returns: the series in it.
    mutating func take(_ recorded: RecordedSeries?) -> SeriesInterval {
        guard let recorded else {
            return interval(isKnown ? all?.nothing : nil, cpus.map { $0?.nothing }, lost: isLostKnown ? 0 : nil)
        }
        mode = recorded.mode
        lost += recorded.lost ?? 0
        isLostKnown = recorded.lost != nil
        guard let more = recorded.all else {
            // Measured again from here on: the sum goes on where it stopped.
            isKnown = !isKnown && mode != .unavailable
            return interval(nil, [], lost: recorded.lost)
        }
        isKnown = true
        add(more, recorded.cpus)
        // A CPU that is away has no row.
        let now = cpus.enumerated().map { cpu, sum in
            (cpu < recorded.cpus.count ? recorded.cpus[cpu] : nil) ?? sum?.nothing
        }
        return interval(more, now, lost: recorded.lost)
    }

    /// Everything since the beginning.
    var summary: SeriesInterval {
        interval(isKnown && isSummed ? all : nil, cpus, lost: isLostKnown && isLostSummed ? lost : nil)
    }

    private mutating func add(_ more: Delta, _ others: [Delta?]) {
        all = isLevel ? more : all.flatMap { $0.adding(more) } ?? more
        while cpus.count < others.count { cpus.append(nil) }
        for (cpu, delta) in others.enumerated() {
            guard let delta else { continue }
            cpus[cpu] = isLevel ? delta : cpus[cpu].flatMap { $0.adding(delta) } ?? delta
        }
    }

    private func interval(_ all: Delta?, _ byCPU: [Delta?], lost: UInt64?) -> SeriesInterval {
        guard let all else {
            return SeriesInterval(key: key, mode: mode, reason: reason, all: nil, byCPU: [], lost: lost)
        }
        guard isLevel else {
            return SeriesInterval(key: key, mode: mode, reason: nil, all: all, byCPU: byCPU, lost: lost)
        }
        let levels = cpus.map { Delta.count($0?.count ?? 0) }
        return SeriesInterval(key: key, mode: mode, reason: nil, all: Delta.sum(levels), byCPU: levels, lost: lost)
    }
}
