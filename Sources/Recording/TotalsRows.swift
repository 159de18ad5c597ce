import Contention

/// One row of a report as CSV or NDJSON: a series over a whole run, on the machine or on one CPU.
struct TotalsRow {
    let run: RecordedRun
    let totals: RunTotals
    let series: SeriesTotal
    /// nil for the machine.
    let cpu: (number: Int, total: CPUTotal)?

    static let columns: [RowColumn<TotalsRow>] = ownColumns + ExportCells.columns(of: { $0.exported })

    private static let ownColumns: [RowColumn<TotalsRow>] = [
        RowColumn("run_id") { .text($0.run.description.id) },
        RowColumn("run") { .free($0.run.path) },
        RowColumn("hostname") { .free($0.run.description.host.hostname) },
        RowColumn("kernel_release") { .free($0.run.description.host.kernelRelease) },
        RowColumn("start") { .text(Timestamp.rfc3339($0.totals.startRealtime)) },
        RowColumn("elapsed_ns") { .number($0.totals.elapsed) },
        RowColumn("intervals") { .number($0.totals.intervals) },
        // Empty for a run that was cut short.
        RowColumn("end") { .text(ifKnown: $0.run.end?.end.reason) },
        RowColumn("lock") { .free($0.series.name.lock) },
        RowColumn("metric") { .free($0.series.name.metric) },
        RowColumn("site") { .free($0.series.name.site) },
        RowColumn("scope") { .text($0.cpu == nil ? "all" : "cpu") },
        RowColumn("cpu") { .number($0.cpu?.number) },
        RowColumn("count") { .number($0.count) },
        RowColumn("sum_ns") { .number($0.nanoseconds) },
        RowColumn("max_ns") { .number($0.maximum) },
        RowColumn("p50_ns") { .number($0.percentile(0.50)) },
        RowColumn("p90_ns") { .number($0.percentile(0.90)) },
        RowColumn("p99_ns") { .number($0.percentile(0.99)) },
        RowColumn("mode") { .text($0.series.mode.rawValue) },
        RowColumn("lost") { .number($0.cpu == nil ? $0.series.lost : nil) },
        RowColumn("out_of") { .number($0.share?.whole) },
        RowColumn("repeats") { .number($0.share?.repeats) },
        RowColumn("share") { .share($0.share?.value) },
        RowColumn("share_lo") { .share($0.share?.interval95?.lowerBound) },
        RowColumn("share_hi") { .share($0.share?.interval95?.upperBound) },
        // The time that the sums stand for, and the intervals that they leave out.
        RowColumn("known_ns") { .number($0.cpu == nil ? $0.series.knownElapsed : nil) },
        RowColumn("unknown_intervals") { .number($0.cpu?.total.unknownIntervals ?? $0.series.unknownIntervals) },
    ]

    private var exported: ExportCells {
        let derived = DerivedCells(
            metric: series.name.key?.metric, count: count, nanoseconds: nanoseconds, share: share, known: knownElapsed)
        return ExportCells(run: run, derived: derived)
    }

    /// Nanoseconds that the sums stand for. Of a CPU it is known where it was unknown as often as the machine was.
    private var knownElapsed: UInt64? {
        guard let cpu else { return series.knownElapsed }
        return cpu.total.unknownIntervals == series.unknownIntervals ? series.knownElapsed : nil
    }

    private var count: UInt64? { cpu.map(\.total.count) ?? series.count }
    private var nanoseconds: UInt64? { cpu.map(\.total.nanoseconds) ?? series.nanoseconds }
    private var maximum: UInt64? { cpu.map(\.total.maximum) ?? series.maximum }
    private var share: Share? { cpu.map(\.total.share) ?? series.share }
    private func percentile(_ fraction: Double) -> UInt64? { cpu == nil ? series.percentile(fraction) : nil }

    static func append(_ run: RecordedRun, _ totals: RunTotals, to rows: inout some RowSink) {
        for series in totals.series {
            rows.append(TotalsRow(run: run, totals: totals, series: series, cpu: nil), columns: columns)
            for (number, cpu) in series.cpus {
                rows.append(TotalsRow(run: run, totals: totals, series: series, cpu: (number, cpu)), columns: columns)
            }
        }
    }
}

extension RowFormat {
    /// The sums of a run: for each series the machine's row, then its CPUs'.
    /// - Parameter isFirst: whether the names of the columns go before it, where the format has them.
    public func totals(_ run: RecordedRun, _ totals: RunTotals, isFirst: Bool) -> [UInt8] {
        bytes(TotalsRow.columns, hasHeader: isFirst) { TotalsRow.append(run, totals, to: &$0) }
    }

    /// An interval's rows, as in intervals.csv.
    /// - Parameter isFirst: whether the names of the columns go before it, where the format has them.
    public func interval(_ interval: Interval, run: String, onlineCPUs: Set<Int>, isFirst: Bool) -> [UInt8] {
        bytes(IntervalTable.table.written, hasHeader: isFirst) {
            IntervalTable.append(interval, run: run, onlineCPUs: onlineCPUs, to: &$0)
        }
    }
}
