/// What a live view has seen: the latest intervals, as many as fit, and the worst since the start or the reset.
///
/// A pure value: it is given intervals and reads no clock.
public struct History: Sendable {
    /// The names of the series of every moment.
    public private(set) var keys: [SeriesKey] = []
    /// The oldest first.
    private var moments: [Moment] = []
    /// The place of the oldest: a ring.
    private var oldest = 0
    private let budget: Int
    private let fallbackCPUs: Int?
    /// The latest interval, whole.
    public private(set) var latest: Interval?
    /// What is kept by CPU.
    public private(set) var cpuMetric: Metric
    /// Since the start or the reset, by row: the longest in nanoseconds, and how durations are spread.
    public private(set) var worst: [CostRow: UInt64] = [:]
    public private(set) var durations: [CostRow: Histogram] = [:]
    /// The worst verdict since then.
    public private(set) var worstVerdict: (endRealtime: Int64, verdict: LockVerdict)?
    /// CLOCK_REALTIME, nanoseconds, of the reset; nil where there was none.
    public private(set) var resetAt: Int64?
    /// What began or ceased to be measured, the latest last.
    public private(set) var changes: [(endRealtime: Int64, change: ModeChanges.Change)] = []
    /// CPUs that are online; nil where nothing tells.
    public private(set) var online: Int?
    /// Nanoseconds since the first interval began.
    public private(set) var total: UInt64 = 0
    /// Who did what since then.
    public private(set) var records = RecordTotals(mostActors: History.mostActors)
    /// Processes that are known by name at once; those that cost least are joined.
    private static let mostActors = 4000

    /// Bytes that the moments may take.
    public static let standardBudget = 10_000_000
    private static let mostChanges = 100

    /// - Parameters:
    ///   - cpus: online CPUs, where no series tells.
    ///   - budget: bytes.
    public init(cpus: Int?, budget: Int = History.standardBudget) {
        fallbackCPUs = cpus
        online = cpus
        self.budget = budget
        cpuMetric = CPUMetric.all.first { $0 == .readRetries } ?? CPUMetric.all[0]
    }

    /// Moments that are kept.
    public var count: Int { moments.count }

    /// - Parameter age: 0 for the latest.
    public subscript(_ age: Int) -> Moment? {
        guard age >= 0, age < moments.count else { return nil }
        return moments[(oldest + moments.count - 1 - age) % moments.count]
    }

    /// Takes an interval.
    public mutating func append(_ bundle: IntervalBundle) {
        let interval = bundle.interval
        records.add(bundle.records, end: interval.endMonotonic)
        let who = WhoSheet(bundle.records, records, elapsed: interval.elapsed)
        latest = interval
        keys = interval.series.map(\.key)
        online = interval[SeriesKey(.cpusOnline)]?.all.map { Int(clamping: $0.count) } ?? fallbackCPUs
        total &+= interval.elapsed
        let costs = Costs(interval, cpus: fallbackCPUs)
        let moment = Moment(interval, CostSheet(costs), who, cpus: fallbackCPUs, metric: cpuMetric)
        keep(moment)
        remember(moment, costs)
        changes += interval.changes.map { (interval.endRealtime, $0) }
        changes.removeFirst(max(0, changes.count - History.mostChanges))
    }

    /// Forgets the worst values: they are of what comes from now on.
    public mutating func reset() {
        worst = [:]
        durations = [:]
        worstVerdict = nil
        resetAt = latest?.endRealtime
    }

    /// Keeps another metric by CPU, from the latest interval on.
    public mutating func keep(byCPU metric: Metric) {
        cpuMetric = metric
        moments = moments.indices.map { moments[(oldest + $0) % moments.count].with(CPUValues([])) }
        oldest = 0
        guard let latest, let last = moments.popLast() else { return }
        moments.append(last.with(CPUValues(CPUMetric.values(metric, in: latest))))
    }

    private mutating func keep(_ moment: Moment) {
        let limit = max(2, budget / moment.bytes)
        if moments.count < limit {
            if oldest > 0 {
                moments = Array(moments[oldest...] + moments[..<oldest])
                oldest = 0
            }
            moments.append(moment)
            return
        }
        if moments.count > limit {
            moments = (0..<limit).map { moments[(oldest + moments.count - limit + $0) % moments.count] }
            oldest = 0
        }
        moments[oldest] = moment
        oldest = (oldest + 1) % moments.count
    }

    private mutating func remember(_ moment: Moment, _ costs: Costs) {
        for row in CostRow.allCases {
            if let longest = moment[row].longest { worst[row] = max(worst[row] ?? 0, longest) }
            guard let more = costs.durations(row) else { continue }
            durations[row] = durations[row].flatMap { $0.adding(more) } ?? more
        }
        guard let severity = moment.verdict.severity, severity > worstVerdict?.verdict.severity ?? -1 else { return }
        worstVerdict = (moment.endRealtime, moment.verdict)
    }
}

extension Moment {
    fileprivate init(_ interval: Interval, _ sheet: CostSheet, _ who: WhoSheet?, cpus: Int?, metric: Metric) {
        self.who = who
        sequence = interval.sequence
        endRealtime = interval.endRealtime
        endMonotonic = interval.endMonotonic
        elapsed = interval.elapsed
        verdict = interval.verdict(cpus: cpus)
        trust = Trust(interval, sheet)
        self.sheet = sheet
        points = interval.series.map { SeriesPoint($0, in: interval) }
        self.cpus = CPUValues(CPUMetric.values(metric, in: interval))
    }

    fileprivate func with(_ cpus: CPUValues) -> Moment {
        var moment = self
        moment.cpus = cpus
        return moment
    }

    /// Roughly what it takes of memory.
    fileprivate var bytes: Int {
        MemoryLayout<Moment>.stride + sheet.bytes + (who?.bytes ?? 0) + points.count * MemoryLayout<SeriesPoint>.stride
            + cpus.count * MemoryLayout<Float>.stride + 160
    }
}
