import Contention
import Glibc

/// Reads one intervals.csv into records. Checks each row by itself; `IntervalChecker` checks them together.
struct IntervalRowReader {
    private var scanner: RowScanner
    private let columns: IntervalColumns
    private let run: [UInt8]
    private let acceptsUnknown: Bool
    private let cpus: UInt64
    /// The cells that all rows of an interval share, as bytes, and what they said.
    private var prefix: [UInt8] = []

    /// Reads the header.
    /// - Throws: for a file that has none, or not the columns it must have.
    init(_ file: RunFile, of run: RecordedRun) throws(RunReadError) {
        scanner = try RowScanner(path: file.path, length: file.length, size: file.size)
        guard try scanner.next() else { throw RunReadError(path: file.path, reason: RunReadError.missingHeader) }
        columns = try IntervalColumns(header: scanner, isLater: run.schemaMinor >= 1)
        self.run = Array(run.description.id.utf8)
        acceptsUnknown = run.isNewer
        let possible = run.description.host.possibleCPUs
        cpus = possible > 0 ? UInt64(possible) : UInt64(RecordedRun.maximumCPUs)
    }

    /// Of the whole file, after the last row.
    mutating func finishChecksum() throws(RunReadError) -> CRC32 { try scanner.finishChecksum() }

    /// Goes to the next row; false at the end.
    mutating func next(
        _ series: inout SeriesIndex, into record: inout IntervalRecord
    ) throws(RunReadError) -> Bool {
        guard try scanner.next() else { return false }
        guard scanner.count == columns.cells else {
            throw scanner.error("\(scanner.count) cells under \(columns.cells) titles")
        }
        if !isSameInterval { try readInterval(&record) }
        record.series = try readSeries(&series)
        record.cpu = try readCPU()
        record.mode = try readMode(record.mode)
        try readNumbers(&record)
        return true
    }

    /// An error about the row just read.
    @inline(never) func error(_ reason: String, column: IntervalColumn? = nil) -> RunReadError {
        scanner.error(reason, column: column?.rawValue)
    }

    private var isSameInterval: Bool {
        guard columns.hasPlainPrefix else { return false }
        let cells = scanner.slice(columns.run, columns.elapsed)
        return prefix.withUnsafeBufferPointer { known in
            guard known.count == cells.count, let left = known.baseAddress, let right = cells.baseAddress else {
                return false
            }
            return memcmp(left, right, known.count) == 0
        }
    }

    private mutating func readInterval(_ record: inout IntervalRecord) throws(RunReadError) {
        guard scanner.cell(columns.run).elementsEqual(run) else {
            throw scanner.wrong(columns.run, "run_id", "is another run")
        }
        let sequence = try scanner.number(columns.sequence, "seq")
        guard sequence > 0, sequence < 1 << 40 else {
            throw scanner.wrong(columns.sequence, "seq", "is no number of one")
        }
        let time = try scanner.text(columns.time, "time")
        guard let realtime = Timestamp.nanoseconds(rfc3339: time) else {
            throw scanner.wrong(columns.time, "time", "is no time in UTC as RFC 3339 has it")
        }
        record.sequence = Int(sequence)
        record.monotonic = try scanner.number(columns.monotonic, "t_mono_ns")
        record.realtime = realtime
        record.elapsed = try scanner.number(columns.elapsed, "dt_ns")
        guard record.monotonic < RecordedRun.maximumTime else {
            throw scanner.wrong(columns.monotonic, "t_mono_ns", "is later than any clock")
        }
        guard record.elapsed > 0 else { throw error("an interval without length", column: .elapsed) }
        if columns.hasPlainPrefix { prefix = Array(scanner.slice(columns.run, columns.elapsed)) }
    }

    @inline(__always) private func readSeries(_ series: inout SeriesIndex) throws(RunReadError) -> Int {
        let key = scanner.slice(columns.lock, columns.site)
        if let known = series.find(key) { return known }
        return try add(key, &series)
    }

    @inline(never)
    private func add(_ key: UnsafeBufferPointer<UInt8>, _ series: inout SeriesIndex) throws(RunReadError) -> Int {
        let name = SeriesName(
            lock: try scanner.text(columns.lock, "lock"), metric: try scanner.text(columns.metric, "metric"),
            site: try scanner.text(columns.site, "site"))
        guard series.names.count < SeriesIndex.maximum else { throw error("more than \(SeriesIndex.maximum) series") }
        // A comma in a cell could make two names one key.
        guard !(name.lock + name.metric + name.site).utf8.contains(UInt8(ascii: ",")) else {
            throw error("a comma in the name of a series")
        }
        if !acceptsUnknown { try check(name) }
        return series.add(name, key: key)
    }

    /// Names that the schema of this run cannot have.
    private func check(_ name: SeriesName) throws(RunReadError) {
        guard Subject(rawValue: name.lock) != nil else { throw error("\(name.lock) is no lock", column: .lock) }
        guard let metric = name.key?.metric else {
            throw error("\(name.lock) has no metric \(name.metric) that this version knows", column: .metric)
        }
        guard metric.siteKind == .functions || metric.sites.contains(name.site) else {
            throw error("\(name.metric) has no site \"\(name.site)\" that this version knows", column: .site)
        }
    }

    @inline(__always) private func readCPU() throws(RunReadError) -> Int? {
        let scope = scanner.cell(columns.scope)
        let cpu = try scanner.unsigned(columns.cpu, .cpu)
        guard scope.count == 3 else { throw scanner.wrong(columns.scope, "scope", "is neither all nor cpu") }
        switch (scope[0], scope[1], scope[2]) {
        case (UInt8(ascii: "a"), UInt8(ascii: "l"), UInt8(ascii: "l")):
            guard cpu == nil else { throw error("a CPU in a row of the machine", column: .cpu) }
            return nil
        case (UInt8(ascii: "c"), UInt8(ascii: "p"), UInt8(ascii: "u")):
            guard let cpu else { throw error("the cell is empty in a row of a CPU", column: .cpu) }
            guard cpu < cpus else { throw error("CPU \(cpu) of \(cpus) possible ones", column: .cpu) }
            return Int(cpu)
        default:
            throw scanner.wrong(columns.scope, "scope", "is neither all nor cpu")
        }
    }

    @inline(__always) private func readMode(_ likely: Mode) throws(RunReadError) -> Mode {
        let cell = scanner.cell(columns.mode)
        if cell.elementsEqual(likely.rawValue.utf8) { return likely }
        guard let mode = Mode(rawValue: String(decoding: cell, as: UTF8.self)) else {
            throw scanner.wrong(columns.mode, "mode", "is no mode")
        }
        return mode
    }

    @inline(__always) private func readNumbers(_ record: inout IntervalRecord) throws(RunReadError) {
        record.count = try scanner.unsigned(columns.count, .count)
        record.nanoseconds = try scanner.unsigned(columns.nanoseconds, .nanoseconds)
        record.maximum = try scanner.unsigned(columns.maximum, .maximum)
        record.p50 = try scanner.unsigned(columns.p50, .p50)
        record.p90 = try scanner.unsigned(columns.p90, .p90)
        record.p99 = try scanner.unsigned(columns.p99, .p99)
        record.lost = try scanner.unsigned(columns.lost, .lost)
        record.whole = columns.whole < 0 ? nil : try scanner.unsigned(columns.whole, .whole)
        record.repeats = columns.repeats < 0 ? nil : try scanner.unsigned(columns.repeats, .repeats)
        if columns.share >= 0 { try scanner.checkDecimal(columns.share, .share) }
        if columns.shareLow >= 0 { try scanner.checkDecimal(columns.shareLow, .shareLow) }
        if columns.shareHigh >= 0 { try scanner.checkDecimal(columns.shareHigh, .shareHigh) }
        if record.mode == .unavailable, record.count != nil {
            throw error("a count of what is unavailable", column: .count)
        }
        if record.count == nil, record.nanoseconds != nil || record.whole != nil {
            throw error("the cell is empty although the row has other numbers", column: .count)
        }
    }
}
