import Contention

/// Goes through the buckets of a run, over all of its files.
public struct HistogramCursor {
    private let run: RecordedRun
    /// The last interval that is whole.
    private let last: Int
    private var files: ArraySlice<RunFile>
    private var reader: HistogramRowReader?
    private var index = SeriesIndex()
    /// By series: the interval of its latest row.
    private var seen: [Int] = []
    private var previous = HistogramRecord()
    /// The row that `next()` went to.
    public private(set) var record = HistogramRecord()
    /// The series so far.
    public var series: [SeriesName] { index.names }

    /// - Parameter last: the number of the run's last whole interval.
    init(_ run: RecordedRun, last: Int) throws(RunReadError) {
        self.run = run
        self.last = last
        files = try RunFiles.find(RunFolder.histograms, of: run)[...]
    }

    /// Goes to the next row; false behind the last one.
    /// - Throws: `RunReadError` with the file, the row and the column.
    public mutating func next() throws(RunReadError) -> Bool {
        while true {
            guard reader != nil else {
                guard let file = files.first else { return false }
                guard try open(file) else { return false }
                continue
            }
            if try reader?.next(&index) == true {
                guard let reader, try take(reader) else { continue }
                return true
            }
            try close()
        }
    }

    /// - Returns: false for a torn header, which only the last file of a run without an end can have.
    private mutating func open(_ file: RunFile) throws(RunReadError) -> Bool {
        do {
            reader = try HistogramRowReader(file, of: run, isTorn: run.end == nil && files.count == 1)
            return true
        } catch {
            if run.end == nil, files.count == 1, error.isMissingHeader { return false }
            throw error
        }
    }

    private mutating func close() throws(RunReadError) {
        let checksum = try reader?.finishChecksum()
        reader = nil
        try files.removeFirst().verify(checksum)
    }

    /// - Returns: false for a row of an interval that is not whole.
    private mutating func take(_ reader: HistogramRowReader) throws(RunReadError) -> Bool {
        let next = reader.record
        guard next.sequence <= last else {
            if case .failed = run.end?.end { return false }
            guard run.end == nil else { throw reader.error("interval \(next.sequence) of \(last)") }
            return false
        }
        guard next.sequence >= previous.sequence else {
            throw reader.error("interval \(next.sequence) behind interval \(previous.sequence)")
        }
        while seen.count <= next.series { seen.append(0) }
        let isContinued = next.sequence == previous.sequence && next.series == previous.series
        guard isContinued ? next.bucket > previous.bucket : seen[next.series] != next.sequence else {
            throw reader.error("the buckets of a series are not in order")
        }
        seen[next.series] = next.sequence
        previous = next
        record = next
        return true
    }
}
