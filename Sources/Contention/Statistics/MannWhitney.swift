/// The rank-sum test of two independent samples: whether one tends to larger values than the other.
///
/// Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
/// Annals of Mathematical Statistics 18 (1947). Assumes that values are independent of one another, nothing of their
/// distribution.
public struct MannWhitney: Sendable, Equatable {
    /// How p was found.
    public enum Method: Sendable {
        /// Every way to deal the values to the two sides, ties and all (Streitberg and Röhmel, "Exact distributions for
        /// permutation and rank tests", Statistical Software Newsletter 12, 1986).
        case exact
        /// The normal distribution, corrected for ties and for continuity.
        case normal
    }

    /// How often a value of the second sample is above one of the first; a tie counts a half.
    public let u: Double
    /// Two-sided, 0...1: how likely a U at least as far from the middle is where the two do not differ.
    public let p: Double
    public let method: Method

    /// One-sided: how likely a U at least as high is where the two do not differ.
    public let upperP: Double
    /// One-sided: how likely a U at most as high is.
    public let lowerP: Double

    /// Up to as many values together the test is exact unless asked otherwise.
    public static let exactLimit = 40

    /// Compares two samples; nil where one is empty or holds a value that is no number.
    /// - Parameter method: nil chooses by the number of values.
    public init?(_ first: [Double], _ second: [Double], method: Method? = nil) {
        guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy({ !$0.isNaN }) else { return nil }
        let ranks = MidRanks(first + second)
        // Doubled, midranks are whole numbers.
        let sum = ranks.doubled[first.count...].reduce(0, +)
        u = Double(sum) / 2 - Double(second.count * (second.count + 1)) / 2
        self.method = method ?? (first.count + second.count <= MannWhitney.exactLimit ? .exact : .normal)
        switch self.method {
        case .exact:
            (lowerP, upperP) = MannWhitney.exact(ranks.doubled, size: second.count, sum: sum)
        case .normal:
            let lower = MannWhitney.normal(u, first.count, second.count, tieTerm: ranks.tieTerm)
            let mirrored = Double(first.count * second.count) - u
            (lowerP, upperP) = (
                lower, MannWhitney.normal(mirrored, first.count, second.count, tieTerm: ranks.tieTerm)
            )
        }
        p = min(1, 2 * min(lowerP, upperP))
    }

    /// The least p that so many values can have, when none are equal: two-sided, all of one side above the other.
    public static func leastP(_ first: Int, _ second: Int) -> Double {
        min(1, 2 / ways(first + second, choose: min(first, second)))
    }

    private static func ways(_ count: Int, choose chosen: Int) -> Double {
        (0..<chosen).reduce(1) { $0 * Double(count - $1) / Double($1 + 1) }
    }

    private static func exact(_ doubled: [Int], size: Int, sum: Int) -> (lower: Double, upper: Double) {
        // Without ties every doubled rank is even: half the table says the same.
        let unit = doubled.allSatisfy { $0 % 2 == 0 } ? 2 : 1
        let ways = SubsetSums(doubled.map { $0 / unit }, size: size).ways
        let observed = sum / unit
        let all = ways.reduce(0, +)
        return (min(1, ways[...observed].reduce(0, +) / all), min(1, ways[observed...].reduce(0, +) / all))
    }

    /// How likely a U at most as high is, corrected for continuity.
    private static func normal(_ u: Double, _ first: Int, _ second: Int, tieTerm: Double) -> Double {
        let (first, second) = (Double(first), Double(second))
        let all = first + second
        let variance = first * second / 12 * ((all + 1) - tieTerm / (all * (all - 1)))
        guard variance > 0 else { return 1 }
        return min(1, Normal.upperTail((first * second / 2 - u - 0.5) / variance.squareRoot()))
    }
}

/// The ranks of values among one another; equal values share the mean of theirs.
struct MidRanks {
    /// Twice the rank of each value, whole numbers; the least rank is 1.
    let doubled: [Int]
    /// The sum of t^3 - t over the groups of t equal values.
    let tieTerm: Double

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var doubled = [Int](repeating: 0, count: values.count)
        var ties = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            // Ranks start+1 ... end+1; their mean, doubled.
            for position in start...end { doubled[order[position]] = start + end + 2 }
            let size = Double(end - start + 1)
            ties += size * size * size - size
            start = end + 1
        }
        self.doubled = doubled
        tieTerm = ties
    }
}

/// In how many ways so many of some whole numbers add up to each sum.
struct SubsetSums {
    /// By sum, from 0 on. Doubles: up to 40 numbers every count is whole and below 2^53.
    let ways: [Double]

    /// - Parameter numbers: none is negative.
    init(_ numbers: [Int], size: Int) {
        let width = numbers.reduce(0, +) + 1
        var table = [Double](repeating: 0, count: (size + 1) * width)
        table[0] = 1
        var reach = 0
        for (index, number) in numbers.enumerated() {
            // From the largest subset down, so that each number is taken once.
            for taken in stride(from: min(index, size - 1), through: 0, by: -1) {
                let (from, to) = (taken * width, (taken + 1) * width + number)
                for sum in 0...reach where table[from + sum] != 0 { table[to + sum] += table[from + sum] }
            }
            reach += number
        }
        ways = Array(table[(size * width)...])
    }
}
