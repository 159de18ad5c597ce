/// A sum that 64 bits do not hold.
public struct SumOverflow: Error, Equatable {
    public let series: SeriesName
}

/// Everything of a run added up whatever it is: while that fits into 64 bits, so does the sum of any part of it.
public struct SumGuard: Sendable {
    private var machine = Sums()
    private var cpus = Sums()

    private struct Sums: Sendable {
        var counts: UInt64 = 0
        var nanoseconds: UInt64 = 0
        var wholes: UInt64 = 0

        /// - Returns: false where a sum does not fit.
        @inline(__always) mutating func add(_ record: IntervalRecord) -> Bool {
            var overflows = false
            counts.add(record.count ?? 0, &overflows)
            counts.add(record.lost ?? 0, &overflows)
            nanoseconds.add(record.nanoseconds ?? 0, &overflows)
            wholes.add(record.whole ?? 0, &overflows)
            wholes.add(record.repeats ?? 0, &overflows)
            return !overflows
        }
    }

    public init() {}

    /// - Returns: false where a sum does not fit.
    public mutating func fits(_ record: IntervalRecord) -> Bool {
        record.cpu == nil ? machine.add(record) : cpus.add(record)
    }

    /// - Returns: false where the sum of all buckets does not fit.
    public mutating func fits(bucket count: UInt64) -> Bool {
        var overflows = false
        machine.counts.add(count, &overflows)
        return !overflows
    }
}

/// Adds up rows.
public struct RunTotalsBuilder: Sendable {
    private var start: (monotonic: UInt64, realtime: Int64)
    private let isSparse: Bool
    private var series: [SeriesTotal] = []
    /// By series: the interval and the mode of the latest row of the machine, whether it had a count, and its kind.
    private var latest: [Latest] = []
    private var buckets: [SeriesName: [UInt64]] = [:]
    private var steps: [UInt64] = []
    /// Intervals a step.
    private var stepWidth = 1
    private var step = 0
    private var sequence = 0
    /// Intervals that were passed over.
    public private(set) var skipped = 0
    private var elapsed: UInt64 = 0
    private var end: (monotonic: UInt64, realtime: Int64)
    /// A sum that 64 bits do not hold.
    private var overflow: SeriesName?
    private var sums = SumGuard()
    private var tally = VerdictTally()
    private var worst: WorstInterval?

    private struct Latest: Sendable {
        var sequence = 0
        var mode = Mode.exact
        var isKnown = false
        /// Of what a verdict is made of.
        let key: SeriesKey?
        let kind: MetricKind?

        init(_ key: SeriesKey?) {
            self.key = key.flatMap { VerdictTally.uses($0.metric) ? $0 : nil }
            kind = key?.metric.kind
        }
    }

    /// - Parameters:
    ///   - start: the clocks of the first snapshot, nanoseconds.
    ///   - isSparse: whether rows are left out where nothing happened.
    public init(start: (monotonic: UInt64, realtime: Int64), isSparse: Bool) {
        self.start = start
        self.isSparse = isSparse
        end = start
    }

    /// Passes over a row of an interval before those that are added: it only says how things were.
    /// - Parameter names: of all series so far.
    public mutating func passOver(_ record: IntervalRecord, _ names: @autoclosure () -> [SeriesName]) {
        makeRoom(record, names)
        skipped = record.sequence
        start = (record.monotonic, record.realtime)
        end = start
        let index = record.series
        let isLevel = latest[index].kind == .level
        if let cpu = record.cpu {
            guard isSparse, isLevel else { return }
            series[index].cpus.update(cpu, default: CPUTotal()) { $0.count = record.count }
        } else {
            latest[index].mode = record.mode
            latest[index].isKnown = record.count != nil
            if isSparse, isLevel { series[index].count = record.count }
        }
    }

    /// Adds a row; rows come in the order of the file.
    /// - Parameter names: of all series so far.
    public mutating func add(_ record: IntervalRecord, _ names: @autoclosure () -> [SeriesName]) {
        if record.sequence - skipped != sequence { begin(record) }
        makeRoom(record, names)
        if let cpu = record.cpu {
            addCPU(record, cpu)
        } else {
            addMachine(record)
        }
    }

    private mutating func makeRoom(_ record: IntervalRecord, _ names: () -> [SeriesName]) {
        guard record.series >= series.count else { return }
        for name in names()[series.count...] {
            series.append(SeriesTotal(name: name))
            latest.append(Latest(name.key))
        }
    }

    /// Adds a bucket of durations.
    public mutating func add(bucket: Int, count: UInt64, _ name: SeriesName) {
        var overflows = !sums.fits(bucket: count)
        buckets[name, default: Array(repeating: 0, count: HistogramLayout.bucketCount)][bucket]
            .add(count, &overflows)
        if overflows { overflow = name }
    }

    /// The first series of durations whose buckets are not as many as its events; nil where all agree.
    /// - Parameter slack: events whose duration and bucket may have been read at different moments.
    public func disagreement(slack: Int) -> (series: SeriesName, events: UInt64, inBuckets: UInt64)? {
        for one in series where one.name.key?.metric.kind == .durations {
            let inBuckets = (buckets[one.name] ?? []).reduce(0, &+)
            let events = one.count ?? 0
            if max(events, inBuckets) - min(events, inBuckets) > UInt64(slack) { return (one.name, events, inBuckets) }
        }
        return nil
    }

    /// - Throws: where a sum does not fit.
    public mutating func finish() throws(SumOverflow) -> RunTotals {
        fillIn()
        closeTally()
        if let overflow { throw SumOverflow(series: overflow) }
        for index in series.indices {
            completeCPUs(index)
            guard let counts = buckets[series[index].name] else { continue }
            series[index].histogram = Histogram(
                count: series[index].count ?? 0, sum: series[index].nanoseconds ?? 0,
                maximum: series[index].maximum ?? .max, buckets: counts)
        }
        return RunTotals(
            series: series, intervals: sequence, skipped: skipped, startMonotonic: start.monotonic,
            endMonotonic: end.monotonic, startRealtime: start.realtime, endRealtime: end.realtime,
            steps: steps, worst: worst)
    }

    private mutating func begin(_ record: IntervalRecord) {
        fillIn()
        closeTally()
        sequence = record.sequence - skipped
        elapsed = record.elapsed
        end = (record.monotonic, record.realtime)
        step = (sequence - 1) / stepWidth
        if step >= Timeline.steps {
            for index in series.indices { series[index].timeline.halve() }
            steps = halved(steps)
            stepWidth *= 2
            step = (sequence - 1) / stepWidth
        }
        while steps.count <= step { steps.append(0) }
        steps[step] &+= elapsed
    }

    /// In a sparse run a row that is not there says that nothing changed and nothing happened.
    private mutating func fillIn() {
        guard isSparse, sequence > 0 else { return }
        for index in series.indices where latest[index].sequence != sequence {
            series[index].modes[latest[index].mode, default: 0] += 1
            if latest[index].isKnown {
                series[index].knownElapsed &+= elapsed
                series[index].timeline.add(level(index), base: elapsed, step: step)
            } else {
                series[index].unknownIntervals += 1
            }
            guard let key = latest[index].key else { continue }
            let nothing = key.metric.kind == .level ? Delta.count(level(index)) : .timed(.zero)
            tally.add(key, mode: latest[index].mode, latest[index].isKnown ? nothing : nil, over: elapsed)
        }
    }

    /// The verdict of the interval that has ended.
    private mutating func closeTally() {
        let verdict = tally.verdict(cpus: nil)
        tally = VerdictTally()
        guard let severity = verdict.severity, severity > worst?.verdict.severity ?? -1 else { return }
        worst = WorstInterval(sequence: sequence + skipped, endRealtime: end.realtime, verdict: verdict)
    }

    private func level(_ index: Int) -> UInt64 { latest[index].kind == .level ? series[index].count ?? 0 : 0 }

    private mutating func addMachine(_ record: IntervalRecord) {
        let index = record.series
        series[index].modes[record.mode, default: 0] += 1
        latest[index].sequence = sequence
        latest[index].mode = record.mode
        latest[index].isKnown = record.count != nil
        if let key = latest[index].key { tally.add(key, mode: record.mode, record.delta, over: record.elapsed) }
        var overflows = !sums.fits(record)
        series[index].lost.add(record.lost, &overflows)
        if let count = record.count {
            if latest[index].kind == .level { series[index].count = nil }
            series[index].count.add(count, &overflows)
            series[index].nanoseconds.add(record.nanoseconds, &overflows)
            series[index].maximum = [series[index].maximum, record.maximum].compactMap { $0 }.max()
            series[index].knownElapsed.add(record.elapsed, &overflows)
            series[index].timeline.add(count, base: record.whole ?? record.elapsed, step: step)
        } else {
            series[index].unknownIntervals += 1
        }
        if let share = record.share {
            var sum = series[index].share ?? Share(part: 0, whole: 0, repeats: share.repeats.map { _ in 0 })
            sum.part.add(share.part, &overflows)
            sum.whole.add(share.whole, &overflows)
            sum.repeats = sum.repeats.flatMap { before in share.repeats.map { before &+ $0 } }
            series[index].share = sum
        }
        if overflows { overflow = series[index].name }
    }

    @inline(__always) private mutating func addCPU(_ record: IntervalRecord, _ cpu: Int) {
        let index = record.series
        let isLevel = latest[index].kind == .level
        var overflows = !sums.fits(record)
        series[index].cpus.update(cpu, default: CPUTotal()) { $0.add(record, isLevel: isLevel, &overflows) }
        if overflows { overflow = series[index].name }
    }

    /// The whole of a CPU's share is known only where every interval has its row.
    private mutating func completeCPUs(_ index: Int) {
        guard isSparse, series[index].share != nil else { return }
        let rows = series[index].modes.values.reduce(0, +) - series[index].unknownIntervals
        series[index].cpus.updateAll { total in
            guard total.knownRows < rows else { return }
            total.whole = nil
            total.repeats = nil
        }
    }
}

extension CPUTotal {
    @inline(__always)
    fileprivate mutating func add(_ record: IntervalRecord, isLevel: Bool, _ overflows: inout Bool) {
        guard let more = record.count else {
            unknownIntervals += 1
            return
        }
        knownRows += 1
        if isLevel { count = nil }
        count.add(more, &overflows)
        nanoseconds.add(record.nanoseconds, &overflows)
        if let longest = record.maximum { maximum = Swift.max(maximum ?? 0, longest) }
        whole.add(record.whole, &overflows)
        repeats.add(record.repeats, &overflows)
    }
}

extension UInt64 {
    @inline(__always) fileprivate mutating func add(_ more: UInt64, _ overflows: inout Bool) {
        let (sum, wraps) = addingReportingOverflow(more)
        self = sum
        if wraps { overflows = true }
    }
}

extension UInt64? {
    /// Adds what is known; stays nil as long as nothing is.
    @inline(__always) fileprivate mutating func add(_ more: UInt64?, _ overflows: inout Bool) {
        guard let more else { return }
        guard let known = self else {
            self = more
            return
        }
        let (sum, wraps) = known.addingReportingOverflow(more)
        self = sum
        if wraps { overflows = true }
    }
}
