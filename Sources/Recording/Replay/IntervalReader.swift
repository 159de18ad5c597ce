import Contention

/// One series over one recorded interval.
struct RecordedSeries {
    let mode: Mode
    let lost: UInt64?
    /// nil where nothing is known.
    let all: Delta?
    /// By CPU number, as far as there are rows; nil where nothing is known.
    var cpus: [Delta?] = []
}

/// One recorded interval, whole: a sparse run's missing rows are filled in.
struct RecordedInterval {
    let sequence: Int
    let monotonic: UInt64
    let realtime: Int64
    /// In the order of the series of the run.
    var series: [RecordedSeries?]
}

/// Reads a run interval by interval, rows and buckets together.
struct IntervalReader {
    private let run: RecordedRun
    private var rows: IntervalCursor
    private var buckets: HistogramCursor
    private var hasRow: Bool
    private var hasBucket: Bool
    private var sums = SumGuard()
    /// By series: its latest row, as it is when nothing happens.
    private var idle: [RecordedSeries?] = []
    /// By series: how many CPUs it has room for.
    private var widths: [Int] = []
    /// All of them.
    private var cells = 0

    /// A view has a value for every CPU up to the highest in each series: more take more memory than a run is worth.
    static let maximumCells = 1 << 20

    /// - Throws: `RunReadError`.
    init(_ run: RecordedRun) throws(RunReadError) {
        self.run = run
        rows = try IntervalCursor(run)
        // How far the rows go is known only at their end; buckets are taken as rows need them.
        buckets = try HistogramCursor(run, last: .max)
        hasRow = try rows.next()
        hasBucket = try buckets.next()
    }

    /// The series so far.
    var names: [SeriesName] { rows.series }

    /// The next interval; nil behind the last one.
    mutating func next() throws(RunReadError) -> RecordedInterval? {
        guard hasRow else { return nil }
        let first = rows.record
        let histograms = try readBuckets(first.sequence)
        var interval = RecordedInterval(
            sequence: first.sequence, monotonic: first.monotonic, realtime: first.realtime, series: [])
        while hasRow, rows.record.sequence == first.sequence {
            let record = rows.record
            guard sums.fits(record) else {
                throw RunReadError(path: run.path, reason: "sums of the run are more than 64 bits hold")
            }
            while interval.series.count < rows.series.count { interval.series.append(nil) }
            let name = rows.series[record.series]
            if let cpu = record.cpu {
                try makeRoom(cpu, in: record.series)
                interval.series[record.series]?.add(record.delta(nil, isTimed: true), cpu: cpu)
            } else {
                interval.series[record.series] = RecordedSeries(
                    mode: record.mode, lost: record.lost,
                    all: record.delta(histograms[name], isTimed: name.key?.metric.kind != .durations))
            }
            hasRow = try rows.next()
        }
        try check(interval)
        fillIn(&interval)
        return interval
    }

    private mutating func makeRoom(_ cpu: Int, in series: Int) throws(RunReadError) {
        while widths.count <= series { widths.append(0) }
        guard cpu >= widths[series] else { return }
        cells += cpu + 1 - widths[series]
        widths[series] = cpu + 1
        guard cells <= IntervalReader.maximumCells else {
            throw RunReadError(
                path: run.path, reason: "more than \(IntervalReader.maximumCells) series by CPU, too many for a replay")
        }
    }

    /// Both files must say the same of how many durations there were; a few may have been read between their count and their
    /// bucket.
    private func check(_ interval: RecordedInterval) throws(RunReadError) {
        guard run.schemaMinor >= 3 else { return }
        for (index, series) in interval.series.enumerated() {
            guard case .durations(let histogram)? = series?.all else { continue }
            let inBuckets = histogram.buckets.reduce(0, &+)
            let difference = max(inBuckets, histogram.count) - min(inBuckets, histogram.count)
            guard difference <= 2 * UInt64(run.description.host.possibleCPUs) else {
                throw RunReadError(
                    path: run.path,
                    reason: "\(rows.series[index]) in interval \(interval.sequence): hist.csv has \(inBuckets) "
                        + "durations, intervals.csv \(histogram.count)")
            }
        }
    }

    private mutating func readBuckets(_ sequence: Int) throws(RunReadError) -> [SeriesName: [UInt64]] {
        var histograms: [SeriesName: [UInt64]] = [:]
        while hasBucket, buckets.record.sequence <= sequence {
            guard sums.fits(bucket: buckets.record.count) else {
                throw RunReadError(path: run.path, reason: "sums of the run are more than 64 bits hold")
            }
            let name = buckets.series[buckets.record.series]
            histograms[name, default: Array(repeating: 0, count: HistogramLayout.bucketCount)][buckets.record.bucket] =
                buckets.record.count
            hasBucket = try buckets.next()
        }
        return histograms
    }

    private mutating func fillIn(_ interval: inout RecordedInterval) {
        guard run.isSparse else { return }
        while idle.count < interval.series.count { idle.append(nil) }
        while interval.series.count < idle.count { interval.series.append(nil) }
        for index in idle.indices {
            let isLevel = rows.series[index].key?.metric.kind == .level
            if let series = interval.series[index] {
                idle[index] = series.filled(from: idle[index], isLevel: isLevel)
                interval.series[index]?.cpus = idle[index]?.cpus ?? []
                if !isLevel { idle[index] = idle[index]?.idle }
                if isLevel { interval.series[index] = idle[index] }
            } else {
                interval.series[index] = idle[index]
            }
        }
    }
}

extension RecordedSeries {
    mutating func add(_ delta: Delta?, cpu: Int) {
        while cpus.count <= cpu { cpus.append(nil) }
        cpus[cpu] = delta
    }

    /// The series when nothing happens. Of a share's CPUs the whole is not known then.
    var idle: RecordedSeries {
        RecordedSeries(
            mode: mode, lost: lost.map { _ in 0 }, all: all?.nothing,
            cpus: cpus.map { $0?.share == nil ? $0?.nothing : nil })
    }

    /// With the CPUs that have no row, as they were when they had one.
    func filled(from earlier: RecordedSeries?, isLevel: Bool) -> RecordedSeries {
        guard let earlier else { return self }
        var filled = self
        for (cpu, delta) in earlier.cpus.enumerated() where cpu >= filled.cpus.count || filled.cpus[cpu] == nil {
            // A CPU that is not known stands in the file.
            if all != nil || isLevel { filled.add(delta, cpu: cpu) }
        }
        return filled
    }
}

extension IntervalRecord {
    /// The row's value.
    /// - Parameters:
    ///   - buckets: how its durations are spread, as far as that is known.
    ///   - isTimed: whether durations are only a count and a sum.
    fileprivate func delta(_ buckets: [UInt64]?, isTimed: Bool) -> Delta? {
        guard let count else { return nil }
        if let share { return .share(share) }
        guard let nanoseconds else { return .count(count) }
        if isTimed { return .timed(TimedCount(count: count, nanoseconds: nanoseconds)) }
        guard count > 0 else { return .durations(.empty) }
        return .durations(
            Histogram(
                count: count, sum: nanoseconds, maximum: maximum ?? 0,
                buckets: buckets ?? Array(repeating: 0, count: HistogramLayout.bucketCount)))
    }
}
