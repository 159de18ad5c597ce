/// The buckets of every duration histogram: log-linear, as in HdrHistogram.
///
/// Below `linearLimit` a bucket is one nanosecond wide. Above, every power of two is cut into
/// `subBuckets` equal parts, so that a bucket is at most 1/8 (12.5 %) of its lower edge wide. The last bucket
/// also takes everything longer. bpf/histogram.bpf.h computes the same index; a test holds the two together.
public enum HistogramLayout {
    /// log2 of the parts a power of two is cut into.
    public static let subBucketBits = 3
    public static let subBuckets = 1 << subBucketBits
    /// Nanoseconds below which every value has its own bucket.
    public static let linearLimit = UInt64(subBuckets)
    /// Values of 2^38 ns (275 s) and more share the last bucket.
    public static let maximumExponent = 38
    public static let bucketCount = subBuckets * (maximumExponent - subBucketBits + 1)

    /// The bucket of a duration in nanoseconds.
    public static func bucket(of nanoseconds: UInt64) -> Int {
        guard nanoseconds >= linearLimit else { return Int(nanoseconds) }
        let exponent = 63 - nanoseconds.leadingZeroBitCount
        guard exponent < maximumExponent else { return bucketCount - 1 }
        let part = Int(nanoseconds >> UInt64(exponent - subBucketBits)) & (subBuckets - 1)
        return (exponent - subBucketBits + 1) * subBuckets + part
    }

    /// The smallest duration of a bucket, in nanoseconds.
    public static func lowerEdge(of bucket: Int) -> UInt64 {
        guard bucket >= subBuckets else { return UInt64(bucket) }
        let exponent = bucket / subBuckets - 1 + subBucketBits
        let part = UInt64(bucket % subBuckets)
        return (UInt64(subBuckets) + part) << UInt64(exponent - subBucketBits)
    }

    /// The largest duration of a bucket, in nanoseconds; the last bucket has none.
    public static func upperEdge(of bucket: Int) -> UInt64? {
        bucket < bucketCount - 1 ? lowerEdge(of: bucket + 1) - 1 : nil
    }
}
