/// Durations in nanoseconds: how many, their sum, the longest, and how they are spread.
///
/// `buckets` has `HistogramLayout.bucketCount` counts, or none at all while `count` is 0.
public struct Histogram: Equatable, Sendable {
    public private(set) var count: UInt64
    /// Nanoseconds, all durations added up.
    public private(set) var sum: UInt64
    /// Nanoseconds. After a subtraction an upper bound: at most one bucket (12.5 %) above the longest.
    public private(set) var maximum: UInt64
    public private(set) var buckets: [UInt64]

    public static let empty = Histogram(count: 0, sum: 0, maximum: 0, buckets: [])

    /// - Parameter buckets: `HistogramLayout.bucketCount` counts, or none where `count` is 0.
    public init(count: UInt64, sum: UInt64, maximum: UInt64, buckets: [UInt64]) {
        precondition(buckets.count == HistogramLayout.bucketCount || (buckets.isEmpty && count == 0))
        self.count = count
        self.sum = sum
        self.maximum = maximum
        self.buckets = buckets
    }

    /// Adds one duration, in nanoseconds.
    public mutating func record(_ nanoseconds: UInt64) {
        if buckets.isEmpty { buckets = Array(repeating: 0, count: HistogramLayout.bucketCount) }
        count += 1
        sum += nanoseconds
        maximum = max(maximum, nanoseconds)
        buckets[HistogramLayout.bucket(of: nanoseconds)] += 1
    }

    /// With another CPU's durations; nil where a sum does not fit into 64 bits.
    public func adding(_ other: Histogram) -> Histogram? {
        guard other.count > 0 else { return self }
        guard count > 0 else { return other }
        guard let count = count.adding(other.count), let sum = sum.adding(other.sum) else { return nil }
        var both = buckets
        for index in both.indices {
            guard let bucket = both[index].adding(other.buckets[index]) else { return nil }
            both[index] = bucket
        }
        return Histogram(count: count, sum: sum, maximum: max(maximum, other.maximum), buckets: both)
    }

    /// What came since `earlier`; nil when any part of the histogram went back.
    ///
    /// The longest is exact when it is longer than anything before; otherwise the upper edge of the highest bucket
    /// that grew stands for it, never above the longest ever seen.
    public func since(_ earlier: Histogram) -> Histogram? {
        guard let newCount = count.subtracting(earlier.count), let newSum = sum.subtracting(earlier.sum) else {
            return nil
        }
        guard newCount > 0 else { return .empty }
        guard !earlier.buckets.isEmpty else { return self }
        var difference = buckets
        var highest: Int?
        for index in difference.indices {
            guard let grown = buckets[index].subtracting(earlier.buckets[index]) else { return nil }
            difference[index] = grown
            if grown > 0 { highest = index }
        }
        // Read while the kernel counts, the count may be a step ahead of its bucket: then none has grown.
        let longest =
            maximum > earlier.maximum
            ? maximum : min(maximum, highest.flatMap(HistogramLayout.upperEdge) ?? maximum)
        return Histogram(count: newCount, sum: newSum, maximum: longest, buckets: difference)
    }

    /// Mean in nanoseconds; nil without any duration.
    public var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

    /// The duration, in nanoseconds, that at least `fraction` (0...1) of all do not exceed; nil without any.
    ///
    /// The upper edge of the bucket that holds it, never above the longest: at most 12.5 % too high, never too
    /// low (HdrHistogram's "highest equivalent value").
    public func percentile(_ fraction: Double) -> UInt64? {
        // Not `count`: read while the kernel counts, a bucket may be a step behind it.
        let total = buckets.reduce(0, +)
        guard total > 0 else { return nil }
        let rank = max(1, UInt64((fraction * Double(total)).rounded(.up)))
        var passed: UInt64 = 0
        for (index, inBucket) in buckets.enumerated() {
            passed += inBucket
            if passed >= rank { return min(maximum, HistogramLayout.upperEdge(of: index) ?? maximum) }
        }
        return maximum
    }
}

extension UInt64 {
    /// The difference; nil when a counter that only grows went back.
    func subtracting(_ earlier: UInt64) -> UInt64? { self >= earlier ? self - earlier : nil }

    /// The sum; nil where 64 bits do not hold it.
    func adding(_ more: UInt64) -> UInt64? {
        let (sum, overflows) = addingReportingOverflow(more)
        return overflows ? nil : sum
    }
}
