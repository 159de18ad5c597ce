/// A sum that 64 bits do not hold.
public struct SumOverflow: Error, Equatable {
    public let series: SeriesName
}

/// Adds up rows.
public struct RunTotalsBuilder: Sendable {
    private var start: (monotonic: UInt64, realtime: Int64)
    private let isSparse: Bool
    private var series: [SeriesTotal] = []
    /// By series: the interval and the mode of the latest row of the machine, whether it had a count, and its kind.
    private var latest: [Latest] = []
    private var buckets: [SeriesName: Spread] = [:]
    private var time = TimeSteps()
    private var history = RunHistoryBuilder()
    /// nil where CPUs are not followed.
    private var cpuHistory: CPUHistory?
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

    /// How the durations of a series are spread, and the row of a history that they belong to.
    private struct Spread: Sendable {
        var counts = [UInt64](repeating: 0, count: HistogramLayout.bucketCount)
        let row: Int?
    }

    /// - Parameters:
    ///   - start: the clocks of the first snapshot, nanoseconds.
    ///   - isSparse: whether rows are left out where nothing happened.
    ///   - byCPU: whether it is followed what happened on each CPU.
    public init(start: (monotonic: UInt64, realtime: Int64), isSparse: Bool, byCPU: Bool = false) {
        cpuHistory = byCPU ? CPUHistory(isSparse: isSparse) : nil
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
            cpuHistory?.add(record, cpu: cpu, interval: sequence, step: time.current)
        } else {
            addMachine(record)
        }
    }

    private mutating func makeRoom(_ record: IntervalRecord, _ names: () -> [SeriesName]) {
        guard record.series >= series.count else { return }
        for name in names()[series.count...] {
            series.append(SeriesTotal(name: name))
            latest.append(Latest(name.key))
            history.append(name.key)
            cpuHistory?.append(name.key)
        }
    }

    /// Adds a bucket of durations, when all rows have been added.
    /// - Parameter sequence: the interval, which counts from 1 in the recording.
    public mutating func add(bucket: Int, count: UInt64, _ name: SeriesName, in sequence: Int) {
        var overflows = !sums.fits(bucket: count)
        let place = buckets.index(forKey: name) ?? makeRoom(name)
        buckets.values[place].counts[bucket].add(count, &overflows)
        if let row = buckets.values[place].row {
            history.add(bucket: bucket, count: count, row: row, step: time.step(of: sequence - skipped))
        }
        if overflows { overflow = name }
    }

    private mutating func makeRoom(_ name: SeriesName) -> Dictionary<SeriesName, Spread>.Index {
        buckets[name] = Spread(row: RunHistoryBuilder.timedRow(name))
        return buckets.index(forKey: name) ?? buckets.startIndex
    }

    /// The first series of durations whose buckets are not as many as its events; nil where all agree.
    /// - Parameter slack: events whose duration and bucket may have been read at different moments.
    public func disagreement(slack: Int) -> (series: SeriesName, events: UInt64, inBuckets: UInt64)? {
        for one in series where one.name.key?.metric.kind == .durations {
            let inBuckets = (buckets[one.name]?.counts ?? []).reduce(0, &+)
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
            guard let counts = buckets[series[index].name]?.counts else { continue }
            series[index].histogram = Histogram(
                count: series[index].count ?? 0, sum: series[index].nanoseconds ?? 0,
                maximum: series[index].maximum ?? .max, buckets: counts)
        }
        cpuHistory?.finish(time.lengths)
        return RunTotals(
            series: series, intervals: sequence, skipped: skipped, startMonotonic: start.monotonic,
            endMonotonic: end.monotonic, startRealtime: start.realtime, endRealtime: end.realtime,
            steps: time.lengths, stepWidth: time.width, worst: worst, history: history.finish(series, time.lengths),
            cpuHistory: cpuHistory)
    }

    private mutating func begin(_ record: IntervalRecord) {
        fillIn()
        closeTally()
        sequence = record.sequence - skipped
        elapsed = record.elapsed
        end = (record.monotonic, record.realtime)
        guard time.begin(sequence, elapsed: elapsed) else { return }
        for index in series.indices { series[index].timeline.halve() }
        history.halve()
        cpuHistory?.halve()
    }

    /// In a sparse run a row that is not there says that nothing changed and nothing happened.
    private mutating func fillIn() {
        guard isSparse, sequence > 0 else { return }
        for index in series.indices where latest[index].sequence != sequence {
            series[index].modes[latest[index].mode, default: 0] += 1
            if latest[index].isKnown {
                series[index].knownElapsed &+= elapsed
                series[index].timeline.add(level(index), base: elapsed, step: time.current)
                history.add(index, count: 0, maximum: nil, over: elapsed)
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
        guard sequence > 0 else { return }
        let verdict = tally.verdict(cpus: nil)
        tally = VerdictTally()
        history.close(
            verdict, step: time.current, sequence: sequence + skipped, realtime: end.realtime, elapsed: elapsed)
        guard let severity = verdict.severity, severity > worst?.verdict.severity ?? -1 else { return }
        worst = WorstInterval(sequence: sequence + skipped, endRealtime: end.realtime, verdict: verdict)
    }

    private func level(_ index: Int) -> UInt64 { latest[index].kind == .level ? series[index].count ?? 0 : 0 }

    private mutating func addMachine(_ record: IntervalRecord) {
        let index = record.series
        series[index].modes[record.mode, default: 0] += 1
        if latest[index].sequence > 0, latest[index].mode != record.mode {
            history.change(series[index].name.key, to: record.mode)
        }
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
            series[index].timeline.add(count, base: record.whole ?? record.elapsed, step: time.current)
            history.add(index, count: count, maximum: record.maximum, over: record.elapsed)
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
