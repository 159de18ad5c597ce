import Glibc

/// Ratios around 1, by the logarithm: half lies as far to the left as twice does to the right.
public struct RatioScale: Equatable, Sendable {
    /// log2 of the greatest ratio that is shown.
    private let reach: Double

    /// log2; a scale reaches at least and at most so far.
    private static let limits = (least: 0.1, most: 6.0)

    /// - Parameter ratios: that should be seen, more than 0; what lies beyond 64 times is at the edge.
    public init(_ ratios: some Sequence<Double>) {
        var reach = RatioScale.limits.least
        for ratio in ratios where ratio > 0 && ratio.isFinite { reach = max(reach, abs(log2(ratio))) }
        self.reach = min(RatioScale.limits.most, reach * 1.05)
    }

    /// Where a ratio lies, 0...1, 0.5 for 1; 0 and infinity at the edges.
    public func position(_ ratio: Double) -> Double {
        guard ratio > 0 else { return 0 }
        guard ratio.isFinite else { return 1 }
        return min(1, max(0, 0.5 + log2(ratio) / reach / 2))
    }

    /// The greatest ratio that is shown.
    public var end: Double { pow(2, reach) }
}
