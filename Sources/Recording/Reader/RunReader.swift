import Contention

/// Reads a run, in constant memory however long it is.
///
/// Tolerant of what a killed writer leaves (a torn row, an interval without its last rows: both count as not written) and
/// of what newer minor versions of the schema add; strict about everything else.
public struct RunReader: Sendable {
    /// What run.json says.
    public let run: RecordedRun
    /// What is read of it.
    private let window: MonotonicWindow

    /// Reads run.json.
    /// - Parameters:
    ///   - path: the run's folder.
    ///   - window: the part that sums and rows are of.
    /// - Throws: `RunReadError`.
    public init(_ path: String, window: RunWindow = .whole) throws(RunReadError) {
        run = try RecordedRun(path: path)
        self.window = MonotonicWindow(window, of: run.description)
    }

    /// The rows of intervals.csv, from the first.
    /// - Throws: `RunReadError` for a file that is missing or has another length than run.json says.
    public func intervals() throws(RunReadError) -> IntervalCursor { try IntervalCursor(run) }

    /// The rows of hist.csv, from the first.
    /// - Parameter last: the number of the last whole interval, as the rows of intervals.csv tell.
    /// - Throws: `RunReadError` for a file that is missing or has another length than run.json says.
    public func histograms(upTo last: Int) throws(RunReadError) -> HistogramCursor {
        try HistogramCursor(run, last: last)
    }

    /// Hands over every row of intervals.csv with the name of its series. A sparse run's rows are those in the file.
    /// - Throws: `RunReadError`, or what `body` throws.
    public func forEachRow(_ body: (IntervalRecord, SeriesName) throws -> Void) throws {
        var cursor = try intervals()
        while try cursor.next() {
            guard includes(cursor.record) else { continue }
            try body(cursor.record, cursor.series[cursor.record.series])
        }
    }

    /// Whether a row is of the part that is read.
    public func includes(_ record: IntervalRecord) -> Bool {
        !window.isBefore(record.monotonic) && !window.isBehind(record.monotonic, record.elapsed)
    }

    /// Everything added up, in one pass over each file.
    /// - Parameter byCPU: whether it is followed what happened on each CPU, which takes memory for each.
    /// - Throws: `RunReadError`.
    public func totals(byCPU: Bool = false) throws(RunReadError) -> RunTotals {
        let start = (run.description.startMonotonic, run.description.startRealtime)
        var builder = RunTotalsBuilder(start: start, isSparse: run.isSparse, byCPU: byCPU)
        var rows = try intervals()
        var last = 0
        while try rows.next() {
            if window.isBefore(rows.record.monotonic) {
                builder.passOver(rows.record, rows.series)
            } else if includes(rows.record) {
                last = rows.record.sequence
                builder.add(rows.record, rows.series)
            }
        }
        guard last > 0 || rows.intervals == 0 else { throw .emptyWindow(run.path) }
        var buckets = try histograms(upTo: rows.intervals)
        while try buckets.next() {
            let record = buckets.record
            guard record.sequence > builder.skipped, record.sequence <= last else { continue }
            builder.add(
                bucket: record.bucket, count: record.count, buckets.series[record.series], in: record.sequence)
        }
        // A version before did not promise that they agree.
        if run.schemaMinor >= 3, let odd = builder.disagreement(slack: run.description.host.possibleCPUs) {
            throw RunReadError(
                path: run.path,
                reason: "\(odd.series): hist.csv has \(odd.inBuckets) durations, intervals.csv \(odd.events)",
                hint: "rows are missing, or were changed after they were written")
        }
        do {
            return try builder.finish()
        } catch {
            throw RunReadError(path: run.path, reason: "the sum of \(error.series) is more than 64 bits hold")
        }
    }
}
