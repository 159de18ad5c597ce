import Glibc

/// How far apart two samples lie: what the rank-sum test is about, in the values' own unit.
///
/// Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34 (1963).
public enum HodgesLehmann {
    /// The median of all differences between a value of `second` and one of `first`; nil where one is empty.
    public static func shift(from first: [Double], to second: [Double]) -> Double? {
        median(pairs(first, second) { $1 - $0 })
    }

    /// The factor between the samples: the shift of their logarithms; nil unless every value is above 0.
    public static func ratio(from first: [Double], to second: [Double]) -> Double? {
        guard (first + second).allSatisfy({ $0 > 0 }) else { return nil }
        return median(pairs(first.map { log($0) }, second.map { log($0) }) { $1 - $0 }).map { exp($0) }
    }

    /// The middle value, or the mean of the middle two; nil of none.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func pairs(
        _ first: [Double], _ second: [Double], _ combine: (Double, Double) -> Double
    ) -> [Double] {
        first.flatMap { one in second.map { combine(one, $0) } }
    }
}
