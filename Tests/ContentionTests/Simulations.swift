#if !SIMULATION
    @testable import Contention
#endif

#if canImport(Glibc)
    import Glibc
#endif

/// Comparisons of simulated runs whose truth is known: how often they are right. scripts/simulate-comparisons compiles this
/// together with Contention, for the tables of docs/comparing.md; the tests make fewer.
enum Simulations {
    /// As many as are tested by default at most, of which all but one show nothing: the strictest that Holm's correction can be.
    static let measures = 22.0

    private static func normal(_ count: Int, mean: Double, spread: Double, _ generator: inout SeededGenerator)
        -> [Double]
    {
        (0..<count).map { _ in mean * (1 + spread * generator.nextNormal()) }
    }

    /// The share of comparisons that show ten percent more, and what the power of the test says.
    static func tenPercent(runs: Int, spread: Double, comparisons: Int) -> (shown: Double, power: Double) {
        var generator = SeededGenerator(seed: UInt64(runs))
        var found = 0
        for _ in 0..<comparisons {
            let base = normal(runs, mean: 1, spread: spread, &generator)
            let new = normal(runs, mean: 1.1, spread: spread, &generator)
            if (MannWhitney(base, new)?.p ?? 1) * measures < Comparison.level { found += 1 }
        }
        // The new side spreads by a tenth more, as its mean is a tenth higher.
        let deviation = spread * ((1 + 1.1 * 1.1) / 2).squareRoot()
        let power = RankPower(runs, runs, level: Comparison.level / measures)
        return (Double(found) / Double(comparisons), power.share(showing: 0.1 / deviation))
    }

    /// The share of 95 % intervals that hold the true ratio, of runs whose logarithms are normal.
    static func coverage(runs: Int, spread: Double, simulations: Int) -> Double {
        var generator = SeededGenerator(seed: UInt64(100 + runs))
        let rejected = RankCritical(runs, runs).rejected(Comparison.level)
        var held = 0
        for _ in 0..<simulations {
            let base = (0..<runs).map { _ in exp(spread * generator.nextNormal()) }
            let new = (0..<runs).map { _ in 1.1 * exp(spread * generator.nextNormal()) }
            let interval = RankInterval(HodgesLehmann.ratios(from: base, to: new), rejected: rejected)
            if interval.lower <= 1.1, 1.1 <= interval.upper { held += 1 }
        }
        return Double(held) / Double(simulations)
    }

    /// How the runs of two sides follow one another.
    enum Order: String, CaseIterable {
        case blocked, alternated, random, pairs

        func sides(_ runs: Int, _ generator: inout SeededGenerator) -> [Bool] {
            switch self {
            case .blocked: (0..<2 * runs).map { $0 >= runs }
            case .alternated: (0..<2 * runs).map { $0 % 2 == 1 }
            case .random: (0..<2 * runs).map { $0 % 2 == 1 }.shuffled(using: &generator)
            case .pairs: RunSchedule.pairs(runs, using: &generator)
            }
        }
    }

    /// What runs have in common with those before them.
    enum Noise: String, CaseIterable {
        case independent, autocorrelated, drifting

        /// With a standard deviation of 3 % of the mean.
        func values(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
            var state = generator.nextNormal()
            return (0..<count).map { index in
                switch self {
                case .independent: return 1 + 0.03 * generator.nextNormal()
                case .autocorrelated:
                    // A correlation of 0.8 with the run before.
                    state = 0.8 * state + 0.6 * generator.nextNormal()
                    return 1 + 0.03 * state
                case .drifting:
                    // Two standard deviations from the first run to the last.
                    return 1 + 0.03 * (generator.nextNormal() + 2 * Double(index) / Double(count))
                }
            }
        }
    }

    /// What comparisons of sides that do not differ say.
    struct Findings {
        /// How many find anything.
        var found = 0
        /// How many of them do not warn of the order of the runs.
        var unwarned = 0
        /// How many warn.
        var warned = 0
    }

    /// The measures of a simulated run: eight.
    private static let keys: [SeriesKey] = {
        var keys = [SeriesKey(.writeSections)]
        for site in Metric.readRetries.sites { keys.append(SeriesKey(.readRetries, site: site)) }
        for site in Metric.walkFallbacks.sites { keys.append(SeriesKey(.walkFallbacks, site: site)) }
        return keys
    }()

    /// Comparisons of eight and eight runs of eight measures.
    static func findings(
        _ order: Order, _ noise: Noise, comparisons: Int, seed: UInt64 = 77
    ) throws -> Findings {
        var generator = SeededGenerator(seed: seed)
        var findings = Findings()
        for _ in 0..<comparisons {
            let side = try compare(order.sides(8, &generator), keys.map { _ in noise.values(16, &generator) })
            let isFound = side.rows.contains { $0.verdict == .more || $0.verdict == .less }
            let isWarned = side.order != .mixed
            findings.found += isFound ? 1 : 0
            findings.unwarned += isFound && !isWarned ? 1 : 0
            findings.warned += isWarned ? 1 : 0
        }
        return findings
    }

    private static func compare(_ sides: [Bool], _ values: [[Double]]) throws -> ComparedSide {
        var groups: [[RunFacts]] = [[], []]
        for (index, isNew) in sides.enumerated() {
            var run = RunFacts(id: "\(index)", name: "run \(index)")
            run.start = Int64(index)
            run.hasCommand = true
            for (key, values) in zip(keys, values) {
                run.totals[key] = RunTotal(mode: .exact, count: UInt64(values[index] * 1e6), lost: 0)
            }
            groups[isNew ? 1 : 0].append(run)
        }
        var options = ComparisonOptions()
        options.isEstimated = false
        options.isPerRun = true
        return try Comparison(
            [RunGroup(name: "base", runs: groups[0]), RunGroup(name: "new", runs: groups[1])], options: options
        ).sides[0]
    }
}
