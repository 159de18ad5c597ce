import Contention

/// The few buckets that a scraped histogram keeps of the many it is recorded with.
///
/// Bounds are powers of four nanoseconds: 256 ns to 17.2 s. They lie on the edges of the recorded buckets, so the
/// counts are exact: a duration of which whole nanoseconds below 2^k are known was at most 2^k ns long.
enum SecondsBuckets {
    /// log2 of the bounds in nanoseconds.
    static let exponents = Array(stride(from: 8, through: 34, by: 2))

    /// `le` as Prometheus writes it: seconds.
    static func bound(_ exponent: Int) -> String {
        let seconds = Double(UInt64(1) << UInt64(exponent)) / 1e9
        return "\(seconds)"
    }

    /// Durations up to each bound, cumulative, and all of them last.
    static func cumulative(_ histogram: Histogram) -> [(bound: String, count: UInt64)] {
        var counts: [(bound: String, count: UInt64)] = []
        var passed: UInt64 = 0
        var next = 0
        for exponent in exponents where !histogram.buckets.isEmpty {
            let end = HistogramLayout.bucket(of: UInt64(1) << UInt64(exponent))
            passed += histogram.buckets[next..<end].reduce(0, +)
            next = end
            counts.append((bound(exponent), passed))
        }
        if histogram.buckets.isEmpty { counts = exponents.map { (bound($0), 0) } }
        // Not `count`: read while the kernel counts it may be a step away from the buckets, and +Inf must not be less
        // than the bound before it.
        counts.append(("+Inf", passed + histogram.buckets.dropFirst(next).reduce(0, +)))
        return counts
    }
}
