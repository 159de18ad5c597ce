import Contention

/// Reads one file of a table of the record plane.
struct RecordRowReader<Cells: RecordCells> {
    private var scanner: RowScanner
    private let columns: RunColumnPlaces<RecordLine<Cells>>
    private let run: Int
    private let identifier: [UInt8]
    private let acceptsUnknown: Bool
    /// Whether the file may end in the middle of a row.
    private let isTorn: Bool
    private var line = RecordLine<Cells>()
    /// The interval of the row that `next()` went to.
    private(set) var sequence = 0
    /// CLOCK_MONOTONIC at its end, nanoseconds; nil where the table does not tell.
    var monotonic: UInt64? { line.monotonic }

    /// Reads the header.
    /// - Throws: for a file that has none, or not the columns it must have.
    init(_ file: RunFile, of recorded: RecordedRun, isTorn: Bool) throws(RunReadError) {
        scanner = try RowScanner(path: file.path, length: file.length, size: file.size)
        self.isTorn = isTorn
        guard try scanner.next(orTorn: isTorn) else {
            throw RunReadError(path: file.path, reason: RunReadError.missingHeader)
        }
        columns = try RunColumnPlaces(Cells.table, header: scanner, minor: recorded.schemaMinor)
        run = try columns.required("run_id", in: scanner)
        identifier = Array(recorded.description.id.utf8)
        acceptsUnknown = recorded.isNewer
    }

    /// Goes to the next row that this version knows.
    /// - Returns: nil at the end.
    mutating func next() throws(RunReadError) -> Cells.Row? {
        while try scanner.next(orTorn: isTorn) {
            guard scanner.count == columns.cells else {
                throw scanner.error("\(scanner.count) cells under \(columns.cells) titles")
            }
            guard scanner.cell(run).elementsEqual(identifier) else {
                throw scanner.wrong(run, "run_id", "is another run")
            }
            try columns.readNumbers(scanner, into: &line)
            try columns.readTexts(scanner, into: &line)
            guard let number = line.sequence, number > 0, number < 1 << 40 else {
                throw scanner.error("the number of the interval is none")
            }
            guard line.monotonic ?? 0 < RecordedRun.maximumTime else {
                throw scanner.error("later than any clock", column: "t_mono_ns")
            }
            sequence = Int(number)
            if let row = line.cells.row(of: sequence) { return row }
            guard acceptsUnknown else { throw scanner.error("names what this version does not know") }
        }
        return nil
    }

    /// Of the whole file.
    mutating func finishChecksum() throws(RunReadError) -> CRC32 { try scanner.finishChecksum() }

    /// An error about the row just read.
    func error(_ reason: String) -> RunReadError { scanner.error(reason) }
}
