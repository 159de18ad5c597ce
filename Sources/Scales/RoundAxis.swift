/// An axis from 0 with round numbers on it.
public struct RoundAxis: Equatable, Sendable {
    /// Where it ends; at least the greatest value.
    public let end: Double
    public let ticks: [Double]

    /// - Parameters:
    ///   - greatest: of the values.
    ///   - count: how many steps there should be, about.
    ///   - roundUp: whether it ends with a round number, and not with the greatest value.
    public init(upTo greatest: Double, count: Int = 4, roundUp: Bool = true) {
        guard greatest > 0, greatest.isFinite else {
            end = 1
            ticks = [0]
            return
        }
        let step = RoundAxis.roundStep(greatest / Double(count))
        let last = roundUp ? (greatest / step).rounded(.up) : (greatest / step).rounded(.down)
        end = roundUp ? last * step : greatest
        ticks = stride(from: 0, through: last, by: 1).map { $0 * step }
    }

    /// Where a value lies, 0...1.
    public func position(_ value: Double) -> Double { min(1, max(0, value / end)) }

    /// The next of 1, 2, 5, 10, ... that is not smaller.
    public static func roundStep(_ least: Double) -> Double {
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        while power > least { power /= 10 }
        return [1, 2, 5].map { $0 * power }.first { $0 >= least } ?? power * 10
    }
}
