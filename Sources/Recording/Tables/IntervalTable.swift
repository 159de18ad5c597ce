import Contention

/// intervals.csv: a series over an interval, on the machine or on one CPU.
enum IntervalTable {
    struct Row: Sendable {
        let run: String
        /// The interval's end, formatted once for all its rows.
        let time: String
        let name: SeriesName
        var record: IntervalRecord
    }

    static let table = RunTable<Row>(file: RunFolder.intervals, columns: identity + numbers)

    /// The interval and the series.
    private static let identity: [RunColumn<Row>] = [
        RunColumn("run_id") { .text($0.run) },
        RunColumn("seq") { .number($0.record.sequence) },
        RunColumn("t_mono_ns") { .number($0.record.monotonic) },
        RunColumn("time") { .text($0.time) },
        RunColumn("dt_ns") { .number($0.record.elapsed) },
        RunColumn("lock") { .free($0.name.lock) },
        RunColumn("metric") { .free($0.name.metric) },
        RunColumn("site") { .free($0.name.site) },
        RunColumn("scope") { .text($0.record.cpu == nil ? "all" : "cpu") },
        RunColumn("cpu") { .number($0.record.cpu) },
    ]

    private static let numbers: [RunColumn<Row>] = [
        .number("count", { $0.record.count }, set: { $0.record.count = $1 }),
        .number("sum_ns", { $0.record.nanoseconds }, set: { $0.record.nanoseconds = $1 }),
        .number("max_ns", { $0.record.maximum }, set: { $0.record.maximum = $1 }),
        .number("p50_ns", { $0.record.p50 }, set: { $0.record.p50 = $1 }),
        .number("p90_ns", { $0.record.p90 }, set: { $0.record.p90 = $1 }),
        .number("p99_ns", { $0.record.p99 }, set: { $0.record.p99 = $1 }),
        RunColumn("mode") { .text($0.record.mode.rawValue) },
        // Losses are known of a series, not of a CPU.
        .number("lost", { $0.record.lost }, set: { $0.record.lost = $1 }),
        // Shares: `count` is the part, `out_of` the whole.
        .number("out_of", since: 1, { $0.record.whole }, set: { $0.record.whole = $1 }),
        .number("repeats", since: 1, { $0.record.repeats }, set: { $0.record.repeats = $1 }),
        .decimal("share", since: 1) { $0.record.share?.value },
        .decimal("share_lo", since: 1) { $0.record.share?.interval95?.lowerBound },
        .decimal("share_hi", since: 1) { $0.record.share?.interval95?.upperBound },
    ]

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
        let columns = table.written
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
            var row = Row(run: run, time: time, name: SeriesName(series.key), record: IntervalRecord())
            func append(_ cpu: Int?, _ delta: Delta?) {
                row.record = IntervalRecord(interval, series, cpu: cpu, delta)
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

extension IntervalRecord {
    /// A series of an interval.
    /// - Parameter cpu: nil for the machine.
    fileprivate init(_ interval: Interval, _ series: SeriesInterval, cpu: Int?, _ delta: Delta?) {
        self.init()
        sequence = interval.sequence
        monotonic = interval.endMonotonic
        realtime = interval.endRealtime
        elapsed = interval.elapsed
        self.cpu = cpu
        count = delta?.count
        nanoseconds = delta?.nanoseconds
        // Nothing has no longest and no median.
        if let durations = delta?.histogram, durations.count > 0 {
            maximum = durations.maximum
            p50 = durations.percentile(0.50)
            p90 = durations.percentile(0.90)
            p99 = durations.percentile(0.99)
        }
        mode = series.mode
        lost = cpu == nil ? series.lost : nil
        whole = delta?.share?.whole
        repeats = delta?.share?.repeats
    }
}
