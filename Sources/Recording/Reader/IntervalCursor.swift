import Contention

/// Goes through the rows of a run's intervals, over all of its files, and checks that they are whole.
public struct IntervalCursor {
    private let run: RecordedRun
    private var files: ArraySlice<RunFile>
    private var reader: IntervalRowReader?
    private var index = SeriesIndex()
    private var checker: IntervalChecker

    /// - Throws: `RunReadError` for a file that is missing or too short.
    init(_ run: RecordedRun) throws(RunReadError) {
        self.run = run
        files = try RunTail.wholeIntervals(try RunFiles.find(RunFolder.intervals, of: run), of: run)[...]
        checker = IntervalChecker(run: run)
    }

    /// The row that `next()` went to.
    public private(set) var record = IntervalRecord()
    /// The series so far; `record.series` is a place in it.
    public var series: [SeriesName] { index.names }
    /// Intervals begun so far.
    public var intervals: Int { checker.interval }

    /// Goes to the next row; false behind the last one, when everything has been found in order.
    /// - Throws: `RunReadError` with the file, the row and the column.
    public mutating func next() throws(RunReadError) -> Bool {
        while true {
            guard reader != nil else {
                guard try open() else { return false }
                continue
            }
            if try advance() { return true }
            try close()
        }
    }

    private mutating func advance() throws(RunReadError) -> Bool {
        guard try reader?.next(&index) == true, let next = reader?.record else { return false }
        record = next
        do {
            try checker.check(record, index)
        } catch {
            throw reader?.error(error.reason, column: error.column)
                ?? RunReadError(path: run.path, reason: error.reason)
        }
        return true
    }

    private mutating func open() throws(RunReadError) -> Bool {
        guard let file = files.first else {
            try finish()
            return false
        }
        reader = try IntervalRowReader(file, of: run)
        return true
    }

    private mutating func close() throws(RunReadError) {
        let checksum = try reader?.finishChecksum()
        reader = nil
        try files.removeFirst().verify(checksum)
    }

    private mutating func finish() throws(RunReadError) {
        let path = "\(run.path)/\(RunFolder.intervals)"
        if let problem = checker.finish() { throw RunReadError(path: path, reason: problem) }
        guard let end = run.end else { return }
        guard end.intervals == checker.interval else {
            throw RunReadError(path: path, reason: "\(checker.interval) intervals, run.json says \(end.intervals)")
        }
        guard checker.interval == 0 || checker.end == end.monotonic else {
            throw RunReadError(path: path, reason: "does not end when run.json says that the run ended")
        }
    }
}

extension RunReadError {
    static func damaged(_ path: String) -> RunReadError {
        RunReadError(
            path: path, reason: "its checksum is not the one in run.json: bytes were changed after the run ended")
    }
}
