/// The factors between two samples that the rank-sum test does not reject: the interval that belongs to the
/// Hodges-Lehmann ratio, so that test, ratio and interval cannot say different things.
///
/// Moses, in Walker and Lev, "Statistical Inference" (1953), chapter 18; Bauer, "Constructing confidence sets using rank
/// statistics", Journal of the American Statistical Association 67 (1972). Assumes independent values, nothing of their
/// distribution.
public struct RankInterval: Sendable, Equatable {
    /// 0 where any fall is possible.
    public let lower: Double
    /// Infinite where any rise is possible.
    public let upper: Double

    /// - Parameters:
    ///   - first: not negative, as `second`.
    ///   - level: 0.05 for the 95 % interval.
    /// - Returns: nil where a sample is empty, or every factor is rejected or none can be judged, because all values are 0.
    public init?(from first: [Double], to second: [Double], level: Double) {
        guard !first.isEmpty, !second.isEmpty, (first + second).contains(where: { $0 > 0 }) else { return nil }
        let ratios = HodgesLehmann.ratios(from: first, to: second)
        let isTied = Set(first).count < first.count || Set(second).count < second.count
        if isTied || first.contains(0) || second.contains(0) {
            self.init(ratios, level) { factor in
                let scaled = first.map { RankInterval.scaled($0, factor, second) }
                return MannWhitney(scaled, second)?.p ?? 1
            }
        } else {
            self.init(ratios, rejected: RankCritical(first.count, second.count).rejected(level))
        }
    }

    /// Of values that are not tied.
    /// - Parameters:
    ///   - ratios: of all pairs, sorted.
    ///   - rejected: how many of them, from either end, lie outside.
    init(_ ratios: [Double], rejected: Int) {
        lower = rejected == 0 ? 0 : ratios[rejected - 1]
        upper = rejected == 0 ? .infinity : ratios[ratios.count - rejected]
    }

    init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether a factor of 1 is among them.
    public var holdsOne: Bool { lower <= 1 && 1 <= upper }

    /// Inverts the test at and between the ratios, where its result can change.
    private init?(_ ratios: [Double], _ level: Double, p: (Double) -> Double) {
        var finite: [Double] = []
        for ratio in ratios where ratio > 0 && ratio < .infinity && ratio != finite.last { finite.append(ratio) }
        // Even positions are the gaps before, between and behind, odd ones the ratios themselves.
        func accepts(_ position: Int) -> Bool {
            let index = position / 2
            if position % 2 == 1 { return p(finite[index]) >= level }
            if finite.isEmpty { return p(1) >= level }
            if index == 0 { return p(finite[0] / 2) >= level }
            if index == finite.count { return p(finite[index - 1] * 2) >= level }
            return p(finite[index - 1].squareRoot() * finite[index].squareRoot()) >= level
        }
        let positions = 0...(2 * finite.count)
        guard let middle = positions.first(where: accepts) else {
            // Everything finite is rejected: it rose from nothing, or fell to it.
            guard let middle = ratios.dropFirst(ratios.count / 2).first, middle == 0 || middle == .infinity else {
                return nil
            }
            self.init(lower: middle, upper: middle)
            return
        }
        let last = positions.last(where: accepts) ?? middle
        self.init(
            lower: middle == 0 ? 0 : finite[(middle - 1) / 2],
            upper: last == 2 * finite.count ? .infinity : finite[last / 2])
    }

    /// A value times a factor; exactly that of the other sample which it would be but for rounding.
    private static func scaled(_ value: Double, _ factor: Double, _ others: [Double]) -> Double {
        let product = value * factor
        return others.first { abs($0 - product) <= 1e-12 * abs($0) } ?? product
    }
}

/// Which counts of pairs the rank-sum test rejects, where no values are equal.
struct RankCritical: Sendable {
    private let first: Int
    private let second: Int
    /// By U, how many ways there are to deal the values; empty where the normal distribution stands in.
    private let ways: [Double]

    init(_ first: Int, _ second: Int) {
        self.first = first
        self.second = second
        let all = first + second
        guard all <= MannWhitney.exactLimit else {
            ways = []
            return
        }
        let least = second * (second + 1) / 2
        ways = Array(SubsetSums(Array(1...max(1, all)), size: second).ways[least...(least + first * second)])
    }

    /// How many values of U, from 0 on, the two-sided test rejects; as many at the other end.
    func rejected(_ level: Double) -> Int {
        guard !ways.isEmpty else {
            let spread = (Double(first * second * (first + second + 1)) / 12).squareRoot()
            let reach = Double(first * second) / 2 - 0.5 - Normal.quantile(upperTail: level / 2) * spread
            return max(0, Int(reach.rounded(.down)) + 1)
        }
        let all = ways.reduce(0, +)
        var sum = 0.0
        for (u, count) in ways.enumerated() {
            sum += count
            if 2 * sum / all >= level { return u }
        }
        return 0
    }
}
