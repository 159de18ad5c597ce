import Contention

/// One row of intervals.csv as it is exported: as in the file, then the run and what is derived.
struct RecordedRow {
    let run: RecordedRun
    let name: SeriesName
    let record: IntervalRecord
    /// The interval's end, formatted once for all its rows.
    let time: String
    /// Of the series.
    let metric: Metric?

    static let columns: [RowColumn<RecordedRow>] = ownColumns + ExportCells.columns(of: { $0.exported })

    private static let ownColumns: [RowColumn<RecordedRow>] = [
        RowColumn("run_id") { .text($0.run.description.id) },
        RowColumn("seq") { .number($0.record.sequence) },
        RowColumn("t_mono_ns") { .number($0.record.monotonic) },
        RowColumn("time") { .text($0.time) },
        RowColumn("dt_ns") { .number($0.record.elapsed) },
        RowColumn("lock") { .free($0.name.lock) },
        RowColumn("metric") { .free($0.name.metric) },
        RowColumn("site") { .free($0.name.site) },
        RowColumn("scope") { .text($0.record.cpu == nil ? "all" : "cpu") },
        RowColumn("cpu") { .number($0.record.cpu) },
        RowColumn("count") { .number($0.record.count) },
        RowColumn("sum_ns") { .number($0.record.nanoseconds) },
        RowColumn("max_ns") { .number($0.record.maximum) },
        RowColumn("p50_ns") { .number($0.record.p50) },
        RowColumn("p90_ns") { .number($0.record.p90) },
        RowColumn("p99_ns") { .number($0.record.p99) },
        RowColumn("mode") { .text($0.record.mode.rawValue) },
        RowColumn("lost") { .number($0.record.lost) },
        RowColumn("out_of") { .number($0.record.whole) },
        RowColumn("repeats") { .number($0.record.repeats) },
        RowColumn("share") { .share($0.record.share?.value) },
        RowColumn("share_lo") { .share($0.record.share?.interval95?.lowerBound) },
        RowColumn("share_hi") { .share($0.record.share?.interval95?.upperBound) },
        RowColumn("run") { .free($0.run.path) },
    ]

    private var exported: ExportCells {
        let derived = DerivedCells(
            metric: metric, count: record.count, nanoseconds: record.nanoseconds, share: record.share,
            known: record.count == nil ? nil : record.elapsed)
        return ExportCells(run: run, derived: derived)
    }
}

extension RowFormat {
    /// Every row of a run's intervals, those that a sparse run leaves out too, an interval at a time.
    /// - Parameters:
    ///   - isFirst: whether the names of the columns go before them, where the format has them.
    ///   - write: gets the bytes.
    /// - Throws: `RunReadError`, or what `write` throws.
    public func intervals(of reader: RunReader, isFirst: Bool, write: ([UInt8]) throws -> Void) throws {
        var rows = try WholeRows(reader)
        var hasHeader = isFirst
        var metrics: [Metric?] = []
        while let interval = try rows.next() {
            let names = rows.names
            for name in names[metrics.count...] { metrics.append(name.key?.metric) }
            let time = Timestamp.rfc3339(interval.first?.realtime ?? 0)
            try write(
                bytes(RecordedRow.columns, hasHeader: hasHeader) { sink in
                    for record in interval {
                        sink.append(
                            RecordedRow(
                                run: reader.run, name: names[record.series], record: record, time: time,
                                metric: metrics[record.series]),
                            columns: RecordedRow.columns)
                    }
                })
            hasHeader = false
        }
        if hasHeader { try write(bytes(RecordedRow.columns, hasHeader: true) { _ in }) }
    }
}
