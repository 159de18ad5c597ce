import Contention
import Glibc

/// Reads one intervals.csv into records. Checks each row by itself; `IntervalChecker` checks them together.
struct IntervalRowReader {
    private var scanner: RowScanner
    private let columns: RunColumnPlaces<IntervalTable.Row>
    private let places: Places
    private let run: [UInt8]
    private let acceptsUnknown: Bool
    private let cpus: UInt64
    /// The cells that all rows of an interval share, as bytes, and what they said.
    private var prefix: [UInt8] = []
    /// The row that `next()` went to.
    private var row = IntervalTable.Row(
        run: "", time: "", name: SeriesName(lock: "", metric: ""), record: IntervalRecord())

    /// Of the columns that are read here.
    private struct Places {
        let run, sequence, monotonic, time, elapsed, lock, metric, site, scope, cpu, mode: Int

        init(_ columns: RunColumnPlaces<IntervalTable.Row>, in scanner: RowScanner) throws(RunReadError) {
            run = try columns.required("run_id", in: scanner)
            sequence = try columns.required("seq", in: scanner)
            monotonic = try columns.required("t_mono_ns", in: scanner)
            time = try columns.required("time", in: scanner)
            elapsed = try columns.required("dt_ns", in: scanner)
            lock = try columns.required("lock", in: scanner)
            metric = try columns.required("metric", in: scanner)
            site = try columns.required("site", in: scanner)
            scope = try columns.required("scope", in: scanner)
            cpu = try columns.required("cpu", in: scanner)
            mode = try columns.required("mode", in: scanner)
            guard lock + 1 == metric, lock + 2 == site else {
                throw scanner.error("lock, metric and site do not stand side by side")
            }
        }

        /// Whether the cells that all rows of an interval share lie side by side, as the writer puts them.
        var hasPlainPrefix: Bool {
            run + 1 == sequence && run + 2 == monotonic && run + 3 == time && run + 4 == elapsed
        }
    }

    /// Reads the header.
    /// - Throws: for a file that has none, or not the columns it must have.
    init(_ file: RunFile, of run: RecordedRun) throws(RunReadError) {
        scanner = try RowScanner(path: file.path, length: file.length, size: file.size)
        guard try scanner.next() else { throw RunReadError(path: file.path, reason: RunReadError.missingHeader) }
        columns = try RunColumnPlaces(IntervalTable.table, header: scanner, minor: run.schemaMinor)
        places = try Places(columns, in: scanner)
        self.run = Array(run.description.id.utf8)
        acceptsUnknown = run.isNewer
        let possible = run.description.host.possibleCPUs
        cpus = possible > 0 ? UInt64(possible) : UInt64(RecordedRun.maximumCPUs)
    }

    /// Of the whole file, after the last row.
    mutating func finishChecksum() throws(RunReadError) -> CRC32 { try scanner.finishChecksum() }

    /// The row that `next()` went to.
    var record: IntervalRecord { row.record }

    /// Goes to the next row; false at the end.
    mutating func next(_ series: inout SeriesIndex) throws(RunReadError) -> Bool {
        guard try scanner.next() else { return false }
        guard scanner.count == columns.cells else {
            throw scanner.error("\(scanner.count) cells under \(columns.cells) titles")
        }
        if !isSameInterval { try readInterval() }
        row.record.series = try readSeries(&series)
        row.record.cpu = try readCPU()
        row.record.mode = try readMode(row.record.mode)
        try columns.readNumbers(scanner, into: &row)
        try check(row.record)
        return true
    }

    /// An error about the row just read.
    @inline(never) func error(_ reason: String, column: String? = nil) -> RunReadError {
        scanner.error(reason, column: column)
    }

    private var isSameInterval: Bool {
        guard places.hasPlainPrefix else { return false }
        let cells = scanner.slice(places.run, places.elapsed)
        return prefix.withUnsafeBufferPointer { known in
            guard known.count == cells.count, let left = known.baseAddress, let right = cells.baseAddress else {
                return false
            }
            return memcmp(left, right, known.count) == 0
        }
    }

    private mutating func readInterval() throws(RunReadError) {
        var record = row.record
        guard scanner.cell(places.run).elementsEqual(run) else {
            throw scanner.wrong(places.run, "run_id", "is another run")
        }
        let sequence = try scanner.number(places.sequence, "seq")
        guard sequence > 0, sequence < 1 << 40 else {
            throw scanner.wrong(places.sequence, "seq", "is no number of one")
        }
        let time = try scanner.text(places.time, "time")
        guard let realtime = Timestamp.nanoseconds(rfc3339: time) else {
            throw scanner.wrong(places.time, "time", "is no time in UTC as RFC 3339 has it")
        }
        record.sequence = Int(sequence)
        record.monotonic = try scanner.number(places.monotonic, "t_mono_ns")
        record.realtime = realtime
        record.elapsed = try scanner.number(places.elapsed, "dt_ns")
        guard record.monotonic < RecordedRun.maximumTime else {
            throw scanner.wrong(places.monotonic, "t_mono_ns", "is later than any clock")
        }
        guard record.elapsed > 0 else { throw error("an interval without length", column: "dt_ns") }
        row.record = record
        if places.hasPlainPrefix { prefix = Array(scanner.slice(places.run, places.elapsed)) }
    }

    @inline(__always) private func readSeries(_ series: inout SeriesIndex) throws(RunReadError) -> Int {
        let key = scanner.slice(places.lock, places.site)
        if let known = series.find(key) { return known }
        return try add(key, &series)
    }

    @inline(never)
    private func add(_ key: UnsafeBufferPointer<UInt8>, _ series: inout SeriesIndex) throws(RunReadError) -> Int {
        let name = SeriesName(
            lock: try scanner.text(places.lock, "lock"), metric: try scanner.text(places.metric, "metric"),
            site: try scanner.text(places.site, "site"))
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
        guard Subject(rawValue: name.lock) != nil else { throw error("\(name.lock) is no lock", column: "lock") }
        guard let metric = name.key?.metric else {
            throw error("\(name.lock) has no metric \(name.metric) that this version knows", column: "metric")
        }
        guard metric.siteKind == .functions || metric.sites.contains(name.site) else {
            throw error("\(name.metric) has no site \"\(name.site)\" that this version knows", column: "site")
        }
    }

    @inline(__always) private func readCPU() throws(RunReadError) -> Int? {
        let scope = scanner.cell(places.scope)
        let cpu = try scanner.unsigned(places.cpu, "cpu")
        guard scope.count == 3 else { throw scanner.wrong(places.scope, "scope", "is neither all nor cpu") }
        switch (scope[0], scope[1], scope[2]) {
        case (UInt8(ascii: "a"), UInt8(ascii: "l"), UInt8(ascii: "l")):
            guard cpu == nil else { throw error("a CPU in a row of the machine", column: "cpu") }
            return nil
        case (UInt8(ascii: "c"), UInt8(ascii: "p"), UInt8(ascii: "u")):
            guard let cpu else { throw error("the cell is empty in a row of a CPU", column: "cpu") }
            guard cpu < cpus else { throw error("CPU \(cpu) of \(cpus) possible ones", column: "cpu") }
            return Int(cpu)
        default:
            throw scanner.wrong(places.scope, "scope", "is neither all nor cpu")
        }
    }

    @inline(__always) private func readMode(_ likely: Mode) throws(RunReadError) -> Mode {
        let cell = scanner.cell(places.mode)
        if cell.elementsEqual(likely.rawValue.utf8) { return likely }
        guard let mode = Mode(rawValue: String(decoding: cell, as: UTF8.self)) else {
            throw scanner.wrong(places.mode, "mode", "is no mode")
        }
        return mode
    }

    /// Numbers of one row that cannot stand together.
    @inline(__always) private func check(_ record: IntervalRecord) throws(RunReadError) {
        if record.mode == .unavailable, record.count != nil {
            throw error("a count of what is unavailable", column: "count")
        }
        if record.count == nil, record.nanoseconds != nil || record.whole != nil {
            throw error("the cell is empty although the row has other numbers", column: "count")
        }
    }
}
