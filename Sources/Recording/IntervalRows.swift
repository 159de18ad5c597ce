import Contention

/// One row of intervals.csv: a series over an interval, on the machine or on one CPU.
struct IntervalRow {
    let run: String
    let interval: Interval
    /// The interval's end, formatted once for all its rows.
    let time: String
    let series: SeriesInterval
    /// nil for the machine.
    let cpu: Int?
    /// nil where nothing is known.
    let delta: Delta?

    static let columns: [RowColumn<IntervalRow>] = [
        RowColumn("run_id") { .text($0.run) },
        RowColumn("seq") { .number($0.interval.sequence) },
        RowColumn("t_mono_ns") { .number($0.interval.endMonotonic) },
        RowColumn("time") { .text($0.time) },
        RowColumn("dt_ns") { .number($0.interval.elapsed) },
        RowColumn("lock") { .text($0.series.key.metric.subject.rawValue) },
        RowColumn("metric") { .text($0.series.key.metric.name) },
        RowColumn("site") { .free($0.series.key.site) },
        RowColumn("scope") { .text($0.cpu == nil ? "all" : "cpu") },
        RowColumn("cpu") { .number($0.cpu) },
        RowColumn("count") { .number($0.delta?.count) },
        RowColumn("sum_ns") { .number($0.delta?.nanoseconds) },
        RowColumn("max_ns") { .number($0.durations?.maximum) },
        RowColumn("p50_ns") { .number($0.durations?.percentile(0.50)) },
        RowColumn("p90_ns") { .number($0.durations?.percentile(0.90)) },
        RowColumn("p99_ns") { .number($0.durations?.percentile(0.99)) },
        RowColumn("mode") { .text($0.series.mode.rawValue) },
        // Losses are known of a series, not of a CPU.
        RowColumn("lost") { .number($0.cpu == nil ? $0.series.lost : nil) },
        // Shares: `count` is the part, `out_of` the whole.
        RowColumn("out_of") { .number($0.delta?.share?.whole) },
        RowColumn("repeats") { .number($0.delta?.share?.repeats) },
        RowColumn("share") { .share($0.delta?.share?.value) },
        RowColumn("share_lo") { .share($0.delta?.share?.interval95?.lowerBound) },
        RowColumn("share_hi") { .share($0.delta?.share?.interval95?.upperBound) },
    ]

    /// The durations, where there was at least one: nothing has no longest and no median.
    private var durations: Histogram? { delta?.histogram.flatMap { $0.count > 0 ? $0 : nil } }

    /// Every row of an interval.
    static func append(_ interval: Interval, run: String, onlineCPUs: Set<Int>, to rows: inout some RowSink) {
        var everything: SparseRows?
        append(interval, run: run, onlineCPUs: onlineCPUs, sparse: &everything, to: &rows)
    }

    /// The rows of an interval: for each series the machine's, then the CPUs'.
    ///
    /// A CPU has a row, even with a count of 0, when it is online or counted something: machines can have hundreds of
    /// possible CPUs that are not there. `cpus_online` has a row for each of them, and tells which are.
    ///
    /// - Parameter sparse: leaves out what it can; nil leaves out nothing.
    static func append(
        _ interval: Interval, run: String, onlineCPUs: Set<Int>, sparse: inout SparseRows?, to rows: inout some RowSink
    ) {
        let time = Timestamp.rfc3339(interval.endRealtime)
        let online = interval[SeriesKey(.cpusOnline)].map(\.byCPU)
        func isOnline(_ cpu: Int) -> Bool {
            if let online, online.indices.contains(cpu) { return online[cpu]?.count != 0 }
            return onlineCPUs.contains(cpu)
        }
        for (index, series) in interval.series.enumerated() {
            let isLast = index == interval.series.count - 1
            let whole: (cpus: Set<Int>, isWhole: Bool) = ([], true)
            guard let chosen = sparse == nil ? whole : sparse?.select(series, at: index, isLast: isLast) else {
                continue
            }
            func append(_ cpu: Int?, _ delta: Delta?) {
                let row = IntervalRow(run: run, interval: interval, time: time, series: series, cpu: cpu, delta: delta)
                rows.append(row, columns: columns)
            }
            append(nil, series.all)
            let isLevel = series.key.metric.kind == .level
            for (cpu, delta) in series.byCPU.enumerated() where chosen.isWhole || chosen.cpus.contains(cpu) {
                if isLevel || isOnline(cpu) || delta?.count != 0 { append(cpu, delta) }
            }
        }
    }
}

/// One row of hist.csv: a bucket that is not empty, of the whole machine.
///
/// Per CPU the file would be a hundred times larger; the `scope` and `cpu` columns leave room for it.
struct HistogramRow {
    let run: String
    let sequence: Int
    let key: SeriesKey
    let bucket: Int
    let count: UInt64

    static let columns: [RowColumn<HistogramRow>] = [
        RowColumn("run_id") { .text($0.run) },
        RowColumn("seq") { .number($0.sequence) },
        RowColumn("lock") { .text($0.key.metric.subject.rawValue) },
        RowColumn("metric") { .text($0.key.metric.name) },
        RowColumn("site") { .text($0.key.site) },
        RowColumn("scope") { _ in .text("all") },
        RowColumn("cpu") { _ in .unknown },
        RowColumn("bucket_lo_ns") { .number(HistogramLayout.lowerEdge(of: $0.bucket)) },
        // The longest duration that falls into the bucket; empty for the last, which has no upper end.
        RowColumn("bucket_hi_ns") { .number(HistogramLayout.upperEdge(of: $0.bucket)) },
        RowColumn("count") { .number($0.count) },
    ]

    static func append(_ interval: Interval, run: String, to rows: inout CSVRows) {
        for series in interval.series {
            guard let histogram = series.all?.histogram else { continue }
            for (bucket, count) in histogram.buckets.enumerated() where count > 0 {
                let row = HistogramRow(
                    run: run, sequence: interval.sequence, key: series.key, bucket: bucket, count: count)
                rows.append(row, columns: columns)
            }
        }
    }
}
