import Contention

/// Goes through a table of the record plane, interval by interval, over all of its files.
struct RecordCursor<Cells: RecordCells> {
    /// Rows that an interval may have.
    static var mostRows: Int { 1 << 20 }
    private let run: RecordedRun
    private var files: ArraySlice<RunFile>
    private var reader: RecordRowReader<Cells>?
    private var upcoming: Cells.Row?
    private var sequence = 0
    /// CLOCK_MONOTONIC of the latest interval that had rows, nanoseconds.
    private(set) var monotonic: UInt64?

    /// - Throws: `RunReadError` for a file that is missing or has another length than run.json says.
    init(_ run: RecordedRun) throws(RunReadError) {
        self.run = run
        // A run of before has no such files.
        files = run.schemaMinor < Cells.table.since ? [] : try RunFiles.find(Cells.table.file, of: run)[...]
        try advance()
    }

    /// The rows of an interval. Those of intervals before must have been taken.
    /// - Throws: `RunReadError` with the file, the row and the column.
    mutating func rows(of interval: Int) throws(RunReadError) -> [Cells.Row] {
        var rows: [Cells.Row] = []
        while let row = upcoming, sequence <= interval {
            guard sequence == interval, let reader else { throw error("interval \(sequence) in interval \(interval)") }
            guard rows.count < Self.mostRows else {
                throw reader.error("more than \(Self.mostRows) rows of an interval")
            }
            monotonic = reader.monotonic ?? monotonic
            rows.append(row)
            try advance()
        }
        return rows
    }

    /// Reads what is left: rows of intervals that are not whole, which only a run without an orderly end has.
    /// - Throws: `RunReadError`, also where a file was changed after it was written.
    mutating func finish() throws(RunReadError) {
        var isOrderly = run.end != nil
        if case .failed = run.end?.end { isOrderly = false }
        while upcoming != nil {
            guard !isOrderly else { throw error("a row of interval \(sequence), which the run does not have") }
            try advance()
        }
    }

    /// An error about the upcoming row.
    func error(_ reason: String) -> RunReadError {
        reader?.error(reason) ?? RunReadError(path: "\(run.path)/\(Cells.table.file)", reason: reason)
    }

    private mutating func advance() throws(RunReadError) {
        upcoming = nil
        while let file = files.first {
            if reader == nil { guard try open(file) else { return } }
            if let row = try reader?.next(), let next = reader?.sequence {
                guard next >= sequence else { throw error("interval \(next) behind interval \(sequence)") }
                sequence = next
                upcoming = row
                return
            }
            let checksum = try reader?.finishChecksum()
            reader = nil
            try files.removeFirst().verify(checksum)
        }
    }

    /// - Returns: false for a torn header, which only the last file of a run without an end can have.
    private mutating func open(_ file: RunFile) throws(RunReadError) -> Bool {
        let isLast = run.end == nil && files.count == 1
        do {
            reader = try RecordRowReader(file, of: run, isTorn: isLast)
            return true
        } catch {
            guard isLast, error.isMissingHeader else { throw error }
            files = []
            return false
        }
    }
}
