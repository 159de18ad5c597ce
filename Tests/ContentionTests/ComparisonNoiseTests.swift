import SystemCalls
import Testing

@testable import Contention

/// Comparisons of runs that were recorded, one after the other, on one machine under one load (scripts/make-noise): what
/// is found where nothing differs, and what is missed where something does.
@Suite struct ComparisonNoiseTests {
    private let runs: [RunFacts]

    init() throws { runs = try ComparisonNoiseTests.read() }

    static func read() throws -> [RunFacts] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let lines = try readText("/\(folder)/Fixtures/noise.txt").split(separator: "\n").filter {
            $0.first != "#"
        }
        return try lines.enumerated().map { index, line in
            var run = RunFacts(id: "\(index)", name: "run \(index)")
            var operations: [String: UInt64] = [:]
            for field in line.split(separator: "|") {
                let words = field.split(separator: " ").map(String.init)
                if words[0] == "load" {
                    let count: UInt64 = try #require(UInt64(words[2]))
                    operations[words[1]] = count
                    continue
                }
                let metric = try #require(
                    Metric.allCases.first { $0.subject.rawValue == words[0] && $0.name == words[1] })
                let count: UInt64 = try #require(UInt64(words[3]))
                run.totals[SeriesKey(metric, site: words[2] == "-" ? "" : words[2])] = RunTotal(
                    mode: .exact, count: count, nanoseconds: UInt64(words[4]),
                    lost: 0)
            }
            run.workload = WorkloadCounts(operations: operations)
            return run
        }
    }

    private func compare(_ base: [RunFacts], _ new: [RunFacts]) throws -> ComparedSide {
        var options = ComparisonOptions()
        options.isEstimated = false
        return try Comparison(
            [RunGroup(name: "base", runs: base), RunGroup(name: "new", runs: new)], options: options
        ).sides[0]
    }

    /// Eight and eight runs, dealt anew each time.
    private func deals(_ count: Int, seed: UInt64, _ body: ([RunFacts], [RunFacts]) throws -> Void)
        rethrows
    {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<count {
            let dealt = runs.shuffled(using: &generator)
            try body(Array(dealt[..<8]), Array(dealt[8..<16]))
        }
    }

    @Test("of a thousand comparisons of runs that do not differ at most five percent find anything")
    func nothingDiffers() throws {
        var flagged = 0
        var tests = 0
        try deals(1000, seed: 11) { base, new in
            let side = try compare(base, new)
            tests = max(tests, side.tests)
            if side.rows.contains(where: { $0.verdict == .more || $0.verdict == .less }) { flagged += 1 }
        }
        #expect(tests >= 10)
        #expect(flagged <= 50, "\(flagged) of 1000")
    }

    @Test(
        "ten percent are found with eight runs a side, where runs that do not differ lie closer together",
        arguments: [SeriesKey(.writeSections), SeriesKey(.readHold, site: "mountinfo")])
    func tenPercent(key: SeriesKey) throws {
        var found = 0
        try deals(100, seed: 12) { base, new in
            let changed = new.map { run in
                var run = run
                if let count = run.totals[key]?.count { run.totals[key]?.count = count + count / 10 }
                return run
            }
            let side = try compare(base, changed)
            let row = try #require(
                side.rows.first {
                    $0.measure.metric == key.metric && $0.measure.quantity == .number
                })
            if row.verdict == .more { found += 1 }
        }
        #expect(found >= 90)
    }

    @Test(
        "ten percent are found in nine of ten comparisons among 22 measures, where runs spread by three percent"
    )
    func threePercentOfSpread() throws {
        var generator = SeededGenerator(seed: 5)
        /// The sum of twelve uniform numbers is nearly normal.
        func run(_ mean: Double) -> Double {
            mean
                * (1 + 0.03
                    * (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) })
        }
        var found = 0
        for _ in 0..<200 {
            let (base, new) = ((0..<8).map { _ in run(1) }, (0..<8).map { _ in run(1.1) })
            let test = try #require(MannWhitney(base, new))
            // All others without any difference: the strictest that Holm's correction can be.
            if test.p * 22 < Comparison.level { found += 1 }
        }
        #expect(found >= 180)
    }
}
