/// Everything of a run added up whatever it is: while that fits into 64 bits, so does the sum of any part of it.
public struct SumGuard: Sendable {
    private var machine = Sums()
    private var cpus = Sums()

    private struct Sums: Sendable {
        var counts: UInt64 = 0
        var nanoseconds: UInt64 = 0
        var wholes: UInt64 = 0

        /// - Returns: false where a sum does not fit.
        @inline(__always) mutating func add(_ record: IntervalRecord) -> Bool {
            var overflows = false
            counts.add(record.count ?? 0, &overflows)
            counts.add(record.lost ?? 0, &overflows)
            nanoseconds.add(record.nanoseconds ?? 0, &overflows)
            wholes.add(record.whole ?? 0, &overflows)
            wholes.add(record.repeats ?? 0, &overflows)
            return !overflows
        }
    }

    public init() {}

    /// - Returns: false where a sum does not fit.
    public mutating func fits(_ record: IntervalRecord) -> Bool {
        record.cpu == nil ? machine.add(record) : cpus.add(record)
    }

    /// - Returns: false where the sum of all buckets does not fit.
    public mutating func fits(bucket count: UInt64) -> Bool {
        var overflows = false
        machine.counts.add(count, &overflows)
        return !overflows
    }
}

extension UInt64 {
    @inline(__always) mutating func add(_ more: UInt64, _ overflows: inout Bool) {
        let (sum, wraps) = addingReportingOverflow(more)
        self = sum
        if wraps { overflows = true }
    }
}
