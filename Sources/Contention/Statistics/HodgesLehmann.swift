/// How far apart two samples lie: what the rank-sum test is about, in the values' own unit.
///
/// Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34 (1963).
public enum HodgesLehmann {
    /// The median of all differences between a value of `second` and one of `first`; nil where one is empty.
    public static func shift(from first: [Double], to second: [Double]) -> Double? {
        median(first.flatMap { one in second.map { $0 - one } })
    }

    /// The factor between the samples: the shift of their logarithms, the median of all ratios.
    ///
    /// No value may be negative. Infinite where `second` rose from 0; nil where there is no ratio, because too many values
    /// are 0 on both sides or one sample is empty.
    public static func ratio(from first: [Double], to second: [Double]) -> Double? {
        let ratios = ratios(from: first, to: second)
        guard !ratios.isEmpty else { return nil }
        let (low, high) = (ratios[(ratios.count - 1) / 2], ratios[ratios.count / 2])
        if low == high { return low }
        guard low > 0 || high < .infinity else { return nil }
        return low.squareRoot() * high.squareRoot()
    }

    /// The ratios of all pairs, sorted: 0 to infinity. A pair of zeros has none.
    static func ratios(from first: [Double], to second: [Double]) -> [Double] {
        first.flatMap { one in second.compactMap { one == 0 && $0 == 0 ? nil : $0 / one } }.sorted()
    }

    /// The middle value, or the mean of the middle two; nil of none.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
