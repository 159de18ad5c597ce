import SystemCalls
import Testing

@testable import Contention

#if canImport(Glibc)
    import Glibc
#endif

/// How often comparisons of simulated runs find what is there. docs/comparing.md has the tables that
/// scripts/simulate-comparisons prints: MOUNTSCOPE_SIMULATE=all in the environment makes them in full.
@Suite struct SimulationTests {
    private static let isFull = getenv("MOUNTSCOPE_SIMULATE").map { String(cString: $0) == "all" } ?? false
    private static let measures = 19.0

    /// Normal numbers (Box and Muller 1958).
    private struct NormalGenerator {
        var uniform: SeededGenerator

        mutating func next(mean: Double, spread: Double) -> Double {
            let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &uniform))).squareRoot()
            return mean * (1 + spread * radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &uniform)))
        }

        mutating func runs(_ count: Int, mean: Double, spread: Double) -> [Double] {
            (0..<count).map { _ in next(mean: mean, spread: spread) }
        }
    }

    /// The share of comparisons that show ten percent more among 19 measures, all others without any difference: the
    /// strictest that Holm's correction can be.
    private func power(runs: Int, spread: Double, comparisons: Int) throws -> Double {
        var generator = NormalGenerator(uniform: SeededGenerator(seed: UInt64(runs)))
        var found = 0
        for _ in 0..<comparisons {
            let base = generator.runs(runs, mean: 1, spread: spread)
            let new = generator.runs(runs, mean: 1.1, spread: spread)
            if try #require(MannWhitney(base, new)).p * Self.measures < Comparison.level { found += 1 }
        }
        return Double(found) / Double(comparisons)
    }

    @Test("the closer together runs lie and the more they are, the oftener ten percent are found")
    func tenPercent() throws {
        let comparisons = Self.isFull ? 400 : 60
        let spreads = [0.01, 0.02, 0.025, 0.03, 0.035, 0.04, 0.05]
        var rows: [[Double]] = []
        for spread in spreads {
            rows.append(try [6, 8, 12].map { try power(runs: $0, spread: spread, comparisons: comparisons) })
        }
        if Self.isFull { print("spread: shown with 6, 8 and 12 runs a side") }
        for (spread, row) in zip(spreads, rows) where Self.isFull { print("| \(spread) | \(row) |") }
        #expect(rows[0] == [1, 1, 1])
        // 0.98 of 400; 60 are 0.1 apart at the most.
        #expect(rows[3][1] > 0.88 && rows[3][0] < rows[3][1] + 0.05 && rows[6][1] < 0.65)
    }

    @Test("the 95 % interval of a ratio holds the true ratio about so often", .enabled(if: isFull))
    func coverage() throws {
        for runs in [6, 8, 12, 20] {
            var generator = NormalGenerator(uniform: SeededGenerator(seed: UInt64(100 + runs)))
            var held = 0
            for simulation in 0..<300 {
                let base = generator.runs(runs, mean: 1, spread: 0.03)
                let new = generator.runs(runs, mean: 1.1, spread: 0.03)
                let interval = Bootstrap(seed: UInt64(simulation)).interval95(base, new) {
                    HodgesLehmann.ratio(from: $0, to: $1)
                }
                let (lower, upper) = (try #require(interval.lower), try #require(interval.upper))
                if lower <= 1.1, 1.1 <= upper { held += 1 }
            }
            print("\(runs) runs a side: the interval held the ratio in \(held) of 300")
            fflush(nil)
            #expect((270...300).contains(held))
        }
    }
}
