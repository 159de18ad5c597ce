import Contention

/// What is wrong with a row, or with the rows above it.
struct CheckFailure: Error {
    let reason: String
    let column: String?

    init(_ reason: String, column: String? = nil) {
        self.reason = reason
        self.column = column
    }
}

/// Checks the rows of a run together: intervals that follow one another without a gap, each series once in each of them,
/// CPUs in order, and their sums. A run that passes adds up.
struct IntervalChecker {
    private let isSparse: Bool
    private let startMonotonic: UInt64
    /// By series: the interval of its latest row of the machine.
    private var seen: [Int] = []
    /// By series: whether its CPUs sum to the machine; not where a level's unchanged CPUs are left out.
    private var sums: [Bool] = []
    /// Rows of the machine in this interval, and in the first.
    private var count = 0
    private var expected: Int?
    private var sequence = 0
    /// CLOCK_MONOTONIC of the latest interval's end, nanoseconds.
    private(set) var end: UInt64 = 0
    private var series = -1
    private var cpu = -1
    /// Of the series: the machine's row, and its CPUs so far.
    private var all = IntervalRecord()
    private var cpuCount: UInt64 = 0
    private var cpuNanoseconds: UInt64 = 0
    private var isCPUUnknown = false

    /// The interval that the latest row belongs to; 0 before the first.
    var interval: Int { sequence }

    init(run: RecordedRun) {
        isSparse = run.isSparse
        startMonotonic = run.description.startMonotonic
    }

    /// Takes the next row.
    mutating func check(_ record: IntervalRecord, _ names: SeriesIndex) throws(CheckFailure) {
        if record.sequence != sequence || record.monotonic != end { try begin(record) }
        if record.cpu != nil, record.series == series { return try add(record) }
        if let failure { throw CheckFailure(failure) }
        guard record.cpu == nil else {
            throw CheckFailure("a row of a CPU that does not follow its machine's", column: "scope")
        }
        while seen.count <= record.series {
            sums.append(names.names[seen.count].key?.metric.kind != .level || !isSparse)
            seen.append(0)
        }
        guard seen[record.series] != sequence else {
            throw CheckFailure("\(names.names[record.series]) comes twice in interval \(sequence)")
        }
        seen[record.series] = sequence
        count += 1
        series = record.series
        all = record
        cpu = -1
        cpuCount = 0
        cpuNanoseconds = 0
        isCPUUnknown = false
    }

    /// Takes the end of the rows.
    /// - Returns: what is wrong with the last interval; nil for nothing.
    mutating func finish() -> String? { failure ?? missing }

    private mutating func begin(_ record: IntervalRecord) throws(CheckFailure) {
        if let problem = failure ?? missing { throw CheckFailure(problem) }
        guard record.sequence == sequence + 1 else {
            throw CheckFailure("interval \(record.sequence) behind interval \(sequence)", column: "seq")
        }
        let (start, overflows) = record.monotonic.subtractingReportingOverflow(record.elapsed)
        guard !overflows, start == (sequence == 0 ? startMonotonic : end) else {
            throw CheckFailure("the interval does not begin where the one before it ended", column: "dt_ns")
        }
        if sequence == 1 { expected = count }
        sequence = record.sequence
        end = record.monotonic
        count = 0
        series = -1
    }

    private mutating func add(_ record: IntervalRecord) throws(CheckFailure) {
        let number = record.cpu ?? -1
        guard number > cpu else { throw CheckFailure("CPU \(number) behind CPU \(cpu)", column: "cpu") }
        cpu = number
        guard record.mode == all.mode else { throw CheckFailure("not the mode of the machine's row", column: "mode") }
        guard let count = record.count else {
            isCPUUnknown = true
            return
        }
        let (sum, overflows) = cpuCount.addingReportingOverflow(count)
        let (nanoseconds, wraps) = cpuNanoseconds.addingReportingOverflow(record.nanoseconds ?? 0)
        guard !overflows, !wraps else { throw CheckFailure("the CPUs' sum is more than 64 bits hold", column: "count") }
        cpuCount = sum
        cpuNanoseconds = nanoseconds
    }

    /// What is wrong with the series that ends here.
    private var failure: String? {
        guard series >= 0, cpu >= 0, sums[series], let count = all.count else { return nil }
        if isCPUUnknown { return "the machine's count is known although a CPU's is not, in the series above" }
        guard cpuCount == count, cpuNanoseconds == all.nanoseconds ?? 0 else {
            return "the CPUs of the series above do not sum to its machine's row"
        }
        return nil
    }

    /// What is wrong with the interval that ends here.
    private var missing: String? {
        guard !isSparse, let expected, count != expected else { return nil }
        return "interval \(sequence) has \(count) series, the first has \(expected)"
    }
}
