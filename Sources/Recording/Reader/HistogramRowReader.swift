import Contention

/// Reads one hist.csv into records.
struct HistogramRowReader {
    private var scanner: RowScanner
    private let columns: RunColumnPlaces<HistogramTable.Row>
    private let run, sequence, lock, site, scope, cpu, low, high: Int
    private let identifier: [UInt8]
    /// Whether the file may end in the middle of a row.
    private let isTorn: Bool
    private var row = HistogramTable.Row(
        run: "", name: SeriesName(lock: "", metric: ""), record: HistogramRecord())
    /// The row that `next()` went to.
    var record: HistogramRecord { row.record }

    /// Reads the header.
    init(_ file: RunFile, of recorded: RecordedRun, isTorn: Bool) throws(RunReadError) {
        scanner = try RowScanner(path: file.path, length: file.length, size: file.size)
        self.isTorn = isTorn
        guard try scanner.next(orTorn: isTorn) else {
            throw RunReadError(path: file.path, reason: RunReadError.missingHeader)
        }
        columns = try RunColumnPlaces(HistogramTable.table, header: scanner, minor: recorded.schemaMinor)
        run = try columns.required("run_id", in: scanner)
        sequence = try columns.required("seq", in: scanner)
        lock = try columns.required("lock", in: scanner)
        site = try columns.required("site", in: scanner)
        scope = try columns.required("scope", in: scanner)
        cpu = try columns.required("cpu", in: scanner)
        low = try columns.required("bucket_lo_ns", in: scanner)
        high = try columns.required("bucket_hi_ns", in: scanner)
        guard try columns.required("metric", in: scanner) == lock + 1, site == lock + 2 else {
            throw scanner.error("lock, metric and site do not stand side by side")
        }
        identifier = Array(recorded.description.id.utf8)
    }

    /// Goes to the next row; false at the end.
    mutating func next(_ series: inout SeriesIndex) throws(RunReadError) -> Bool {
        guard try scanner.next(orTorn: isTorn) else { return false }
        guard scanner.count == columns.cells else {
            throw scanner.error("\(scanner.count) cells under \(columns.cells) titles")
        }
        guard scanner.cell(run).elementsEqual(identifier) else { throw scanner.wrong(run, "run_id", "is another run") }
        let interval = try scanner.number(sequence, "seq")
        guard interval > 0, interval < 1 << 40 else { throw scanner.wrong(sequence, "seq", "is no number of one") }
        row.record.sequence = Int(interval)
        guard scanner.cell(scope).elementsEqual("all".utf8), scanner.cell(cpu).isEmpty else {
            throw scanner.wrong(scope, "scope", "is not all")
        }
        row.record.series = try readSeries(&series)
        row.record.bucket = try readBucket()
        try columns.readNumbers(scanner, into: &row)
        guard record.count > 0 else { throw scanner.error("an empty bucket", column: "count") }
        return true
    }

    /// Of the whole file.
    mutating func finishChecksum() throws(RunReadError) -> CRC32 { try scanner.finishChecksum() }

    /// An error about the row just read.
    func error(_ reason: String) -> RunReadError { scanner.error(reason) }

    private func readSeries(_ series: inout SeriesIndex) throws(RunReadError) -> Int {
        let key = scanner.slice(lock, site)
        if let known = series.find(key) { return known }
        guard series.names.count < SeriesIndex.maximum else {
            throw scanner.error("more than \(SeriesIndex.maximum) series")
        }
        let name = SeriesName(
            lock: try scanner.text(lock, "lock"), metric: try scanner.text(lock + 1, "metric"),
            site: try scanner.text(site, "site"))
        return series.add(name, key: key)
    }

    private func readBucket() throws(RunReadError) -> Int {
        let edge = try scanner.number(low, "bucket_lo_ns")
        let bucket = HistogramLayout.bucket(of: edge)
        guard HistogramLayout.lowerEdge(of: bucket) == edge else {
            throw scanner.wrong(low, "bucket_lo_ns", "is no bucket's edge")
        }
        let upper = scanner.cell(high).isEmpty ? nil : try scanner.number(high, "bucket_hi_ns")
        guard upper == HistogramLayout.upperEdge(of: bucket) else {
            throw scanner.wrong(high, "bucket_hi_ns", "is not the edge of the bucket from \(edge)")
        }
        return bucket
    }
}

extension RunReadError {
    static let missingHeader = "the header row is missing"
    var isMissingHeader: Bool { reason == RunReadError.missingHeader }
}
