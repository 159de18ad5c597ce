import Glibc

/// What differences the rank-sum test finds with so many values a side, found by simulation: normal values, of a standard
/// deviation of 1, the same numbers for the same sizes.
public struct RankPower: Sendable {
    /// For each simulated comparison the least shift that it shows, sorted; empty where nothing can be shown.
    private let needed: [Double]

    /// - Parameters:
    ///   - level: what p is held against.
    ///   - simulations: comparisons that are simulated.
    public init(_ first: Int, _ second: Int, level: Double, simulations: Int = 500) {
        let rejected = RankCritical(first, second).rejected(level)
        guard rejected > 0 else {
            needed = []
            return
        }
        var generator = SeededGenerator(seed: UInt64(first) << 32 | UInt64(second))
        needed = (0..<simulations).map { _ in
            let base = (0..<first).map { _ in generator.nextNormal() }
            let new = (0..<second).map { _ in generator.nextNormal() }
            // Shifted by more than this, all pairs rise but as many as the test still rejects.
            let gaps = base.flatMap { one in new.map { one - $0 } }.sorted(by: >)
            return gaps[rejected - 1]
        }.sorted()
    }

    /// The shift that so large a share of comparisons shows, in standard deviations; nil where nothing can be shown.
    public func shift(shownIn share: Double) -> Double? {
        guard !needed.isEmpty else { return nil }
        return max(0, needed[min(needed.count - 1, Int((share * Double(needed.count)).rounded(.up)) - 1)])
    }

    /// The share of comparisons that show a shift of so many standard deviations.
    public func share(showing shift: Double) -> Double {
        guard !needed.isEmpty else { return 0 }
        return Double(needed.count { $0 < shift }) / Double(needed.count)
    }

    /// The least factor between two samples of such a spread that four of five comparisons show; nil where it is not known.
    public func detectableRatio(_ first: [Double], _ second: [Double]) -> Double? {
        guard let shift = shift(shownIn: 0.8), (first + second).allSatisfy({ $0 > 0 }) else { return nil }
        return exp(shift * RankPower.spread(first.map { log($0) }, second.map { log($0) }))
    }

    /// The standard deviation within the samples.
    private static func spread(_ first: [Double], _ second: [Double]) -> Double {
        let squares = [first, second].reduce(0.0) { sum, values in
            let mean = values.reduce(0, +) / Double(max(1, values.count))
            return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        return (squares / Double(max(1, first.count + second.count - 2))).squareRoot()
    }
}
