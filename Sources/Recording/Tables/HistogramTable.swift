import Contention

/// hist.csv: the buckets that are not empty, of the whole machine.
///
/// Per CPU the file would be a hundred times larger; the `scope` and `cpu` columns leave room for it.
enum HistogramTable {
    struct Row: Sendable {
        let run: String
        let name: SeriesName
        var record: HistogramRecord
    }

    static let table = RunTable<Row>(file: RunFolder.histograms, columns: columns)

    private static let columns: [RunColumn<Row>] = [
        RunColumn("run_id") { .text($0.run) },
        RunColumn("seq") { .number($0.record.sequence) },
        RunColumn("lock") { .text($0.name.lock) },
        RunColumn("metric") { .text($0.name.metric) },
        RunColumn("site") { .text($0.name.site) },
        RunColumn("scope") { _ in .text("all") },
        RunColumn("cpu") { _ in .unknown },
        RunColumn("bucket_lo_ns") { .number(HistogramLayout.lowerEdge(of: $0.record.bucket)) },
        // The longest duration that falls into the bucket; empty for the last, which has no upper end.
        RunColumn("bucket_hi_ns") { .number(HistogramLayout.upperEdge(of: $0.record.bucket)) },
        .number("count", { $0.record.count }, set: { $0.record.count = $1 ?? 0 }),
    ]

    static func append(_ interval: Interval, run: String, to rows: inout CSVRows) {
        let columns = table.written
        for series in interval.series {
            guard let histogram = series.all?.histogram else { continue }
            let name = SeriesName(series.key)
            for (bucket, count) in histogram.buckets.enumerated() where count > 0 {
                var record = HistogramRecord()
                record.sequence = interval.sequence
                record.bucket = bucket
                record.count = count
                rows.append(Row(run: run, name: name, record: record), columns: columns)
            }
        }
    }
}

/// One row of hist.csv: how many durations of an interval fell into a bucket.
public struct HistogramRecord: Sendable, Equatable {
    /// A place in the cursor's `series`.
    public var series = 0
    public var sequence = 0
    /// As `HistogramLayout` numbers them.
    public var bucket = 0
    public var count: UInt64 = 0
}
