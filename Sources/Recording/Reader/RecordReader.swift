import Contention

/// Reads the record plane of a run, an interval at a time.
public struct RecordReader {
    private let run: RecordedRun
    private var actors: RecordCursor<ActorCells>
    private var tasks: RecordCursor<TaskCells>
    private var scans: RecordCursor<ScanCells>
    private var blame: RecordCursor<BlameCells>
    private var namespaces: RecordCursor<NamespaceCells>
    /// The highest number so far.
    private var latestActor = 0

    /// - Throws: `RunReadError`.
    public init(_ run: RecordedRun) throws(RunReadError) {
        self.run = run
        actors = try RecordCursor(run)
        tasks = try RecordCursor(run)
        scans = try RecordCursor(run)
        blame = try RecordCursor(run)
        namespaces = try RecordCursor(run)
    }

    /// What was recorded of an interval; intervals are asked for one after another.
    /// - Throws: `RunReadError` with the file, the row and the column.
    public mutating func batch(_ interval: Int) throws(RunReadError) -> RecordBatch {
        var batch = RecordBatch()
        batch.unavailable = run.unavailableRecords
        batch.actors = try actors.rows(of: interval)
        for actor in batch.actors {
            guard actor.number > latestActor else {
                throw actors.error("actor \(actor.number) behind actor \(latestActor)")
            }
            latestActor = actor.number
        }
        batch.tasks = try unique(try tasks.rows(of: interval), tasks) { [$0.actor] }
        batch.scans = try unique(try scans.rows(of: interval), scans) { [$0.actor] }
        batch.blame = try unique(try blame.rows(of: interval), blame) { [$0.writer, $0.victim].compactMap { $0 } }
        batch.namespaces = try unique(try namespaces.rows(of: interval), namespaces) { _ in [] }
        return batch
    }

    /// CLOCK_MONOTONIC of the latest interval with namespaces, nanoseconds.
    var monotonic: UInt64 { namespaces.monotonic ?? tasks.monotonic ?? 0 }

    /// Reads to the end of all files.
    /// - Throws: `RunReadError` where rows are left over, or a file was changed after it was written.
    public mutating func finish() throws(RunReadError) {
        try actors.finish()
        try tasks.finish()
        try scans.finish()
        try blame.finish()
        try namespaces.finish()
    }

    /// The rows, where no two are of one key and every actor has been named.
    private func unique<Cells>(
        _ rows: [Cells.Row], _ cursor: RecordCursor<Cells>, _ actors: (Cells.Row.Key) -> [Int]
    ) throws(RunReadError) -> [Cells.Row] where Cells.Row: RecordRow {
        var seen: Set<Cells.Row.Key> = []
        for row in rows {
            guard seen.insert(row.key).inserted else {
                throw cursor.error("a row twice in an interval, or the row before")
            }
            for actor in actors(row.key) where actor < 1 || actor > latestActor {
                throw cursor.error("actor \(actor) is not in actors.csv, in this row or one before")
            }
        }
        return rows
    }
}

extension RunReader {
    /// The record plane added up; empty for a run without.
    /// - Parameters:
    ///   - intervals: how many are whole, of the part that is meant.
    ///   - skipped: intervals before that part: of them only the actors are read.
    /// - Throws: `RunReadError`.
    public func records(_ intervals: Int, skipping skipped: Int = 0) throws(RunReadError) -> RecordTotals {
        var reader = try RecordReader(run)
        var totals = RecordTotals()
        for interval in stride(from: 1, through: skipped + intervals, by: 1) {
            var batch = try reader.batch(interval)
            if interval <= skipped { batch = batch.actorsOnly }
            totals.add(batch, end: reader.monotonic)
        }
        if run.end.map({ $0.intervals <= skipped + intervals }) ?? true { try reader.finish() }
        guard totals.contradictions == 0 else {
            throw RunReadError(path: run.path, reason: "sums by actor are more than 64 bits hold")
        }
        return totals
    }
}
