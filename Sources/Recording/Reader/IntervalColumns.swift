/// A column of intervals.csv.
enum IntervalColumn: String, CaseIterable {
    case run = "run_id"
    case sequence = "seq"
    case monotonic = "t_mono_ns"
    case time
    case elapsed = "dt_ns"
    case lock, metric, site, scope, cpu, count
    case nanoseconds = "sum_ns"
    case maximum = "max_ns"
    case p50 = "p50_ns"
    case p90 = "p90_ns"
    case p99 = "p99_ns"
    case mode, lost
    case whole = "out_of"
    case repeats, share
    case shareLow = "share_lo"
    case shareHigh = "share_hi"

    /// Not in runs of the first schema.
    var isLater: Bool {
        switch self {
        case .whole, .repeats, .share, .shareLow, .shareHigh: true
        default: false
        }
    }
}

/// Where a file's columns are: by name, in any order, unknown ones among them.
struct ColumnMap {
    private var places: [String: Int] = [:]
    /// Cells of every row.
    let count: Int

    /// Takes the scanner's row, the file's first, as the header.
    /// - Throws: for a name twice.
    init(header: RowScanner) throws(RunReadError) {
        count = header.count
        for index in 0..<header.count {
            let name = try header.text(index, "\(index + 1)")
            guard places.updateValue(index, forKey: name) == nil else {
                throw header.error("the column comes twice", column: name)
            }
        }
    }

    /// The place of a column, -1 where there is none.
    func optional(_ name: String) -> Int { places[name] ?? -1 }

    /// The place of a column.
    /// - Throws: where there is none.
    func required(_ name: String, in scanner: RowScanner) throws(RunReadError) -> Int {
        guard let place = places[name] else { throw scanner.error("the column is missing", column: name) }
        return place
    }
}

/// The columns of intervals.csv in one file.
struct IntervalColumns {
    let cells: Int
    let run, sequence, monotonic, time, elapsed: Int
    let lock, metric, site, scope, cpu: Int
    let count, nanoseconds, maximum, p50, p90, p99, mode, lost: Int
    let whole, repeats, share, shareLow, shareHigh: Int

    /// - Parameter isLater: whether the columns that the first schema did not have must be there.
    init(header scanner: RowScanner, isLater: Bool) throws(RunReadError) {
        let map = try ColumnMap(header: scanner)
        func place(_ column: IntervalColumn) throws(RunReadError) -> Int {
            if column.isLater && !isLater { return map.optional(column.rawValue) }
            return try map.required(column.rawValue, in: scanner)
        }
        cells = map.count
        run = try place(.run)
        sequence = try place(.sequence)
        monotonic = try place(.monotonic)
        time = try place(.time)
        elapsed = try place(.elapsed)
        lock = try place(.lock)
        metric = try place(.metric)
        site = try place(.site)
        scope = try place(.scope)
        cpu = try place(.cpu)
        count = try place(.count)
        nanoseconds = try place(.nanoseconds)
        maximum = try place(.maximum)
        p50 = try place(.p50)
        p90 = try place(.p90)
        p99 = try place(.p99)
        mode = try place(.mode)
        lost = try place(.lost)
        whole = try place(.whole)
        repeats = try place(.repeats)
        share = try place(.share)
        shareLow = try place(.shareLow)
        shareHigh = try place(.shareHigh)
        guard lock + 1 == metric, lock + 2 == site else {
            throw scanner.error("lock, metric and site do not stand side by side")
        }
    }

    /// Whether the cells that all rows of an interval share lie side by side, as the writer puts them.
    var hasPlainPrefix: Bool { run + 1 == sequence && run + 2 == monotonic && run + 3 == time && run + 4 == elapsed }
}
