import SystemCalls
import Testing

@testable import Contention

/// Numbers that SciPy and statsmodels have computed: scripts/make-golden-statistics.
struct GoldenLine: CustomTestStringConvertible {
    let kind: String
    let fields: [[Double]]

    /// Short, as it names a test case.
    var testDescription: String { "\(kind) of \(fields.map(\.count)) values" }

    static func read(_ kinds: Set<String>) throws -> [GoldenLine] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return try readText("/\(folder)/Fixtures/statistics.txt").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
            guard let kind = parts[0].first, kinds.contains(kind) else { return nil }
            return GoldenLine(kind: kind, fields: try parts.dropFirst().map { try $0.map { try #require(Double($0)) } })
        }
    }
}

@Suite struct StatisticsTests {
    @Test("the rank-sum test gives SciPy's U and p, exact and normal, with ties and without")
    func rankSum() throws {
        let lines = try GoldenLine.read(["exact", "normal"])
        #expect(lines.count >= 25)
        for line in lines {
            let test = try #require(
                MannWhitney(line.fields[0], line.fields[1], method: line.kind == "exact" ? .exact : .normal))
            #expect(test.u == line.fields[2][0], "\(line.testDescription)")
            #expect(isClose(test.p, line.fields[3][0], relative: 1e-9), "\(line.testDescription): \(test.p)")
        }
    }

    @Test("shift and ratio are SciPy's")
    func shifts() throws {
        let lines = try GoldenLine.read(["shift", "ratio"])
        #expect(lines.count >= 20)
        for line in lines {
            let (first, second) = (line.fields[0], line.fields[1])
            let found = try #require(
                line.kind == "shift"
                    ? HodgesLehmann.shift(from: first, to: second) : HodgesLehmann.ratio(from: first, to: second))
            #expect(isClose(found, line.fields[2][0], relative: 1e-12), "\(line.testDescription): \(found)")
        }
    }

    @Test("the corrected probabilities are statsmodels'")
    func holm() throws {
        let lines = try GoldenLine.read(["holm"])
        #expect(lines.count == 4)
        for line in lines {
            for (mine, golden) in zip(Holm.adjusted(line.fields[0]), line.fields[1]) {
                #expect(isClose(mine, golden, relative: 1e-12))
            }
        }
        #expect(Holm.adjusted([]).isEmpty)
    }

    @Test("the bootstrap interval is SciPy's, up to its own noise")
    func bootstrap() throws {
        let lines = try GoldenLine.read(["bootstrap"])
        #expect(lines.count == 2)
        for line in lines {
            let found = Bootstrap(resamples: 20_000).interval95(line.fields[0], line.fields[1]) { first, second in
                guard let below = HodgesLehmann.median(first), let above = HodgesLehmann.median(second) else {
                    return nil
                }
                return above / below
            }
            // Medians of few values take few values: neighbours are 1 % apart.
            #expect(isClose(try #require(found.lower), line.fields[2][0], relative: 0.012))
            #expect(isClose(try #require(found.upper), line.fields[3][0], relative: 0.012))
        }
    }

    @Test("the same seed gives the same interval in whatever order the values come, another seed another")
    func seeds() {
        let (first, second) = ((1...9).map { Double($0 * $0) }, (2...9).map { Double($0) })
        func interval(_ seed: UInt64) -> Double? {
            Bootstrap(resamples: 200, seed: seed).interval95(first, second, estimate: HodgesLehmann.ratio).lower
        }
        #expect(interval(7) != nil)
        #expect(interval(7) == interval(7))
        let turned = Bootstrap(resamples: 200, seed: 7).interval95(
            first.reversed(), second.shuffled(), estimate: HodgesLehmann.ratio)
        #expect(turned.lower == interval(7))
        #expect(interval(7) != interval(8))
    }

    @Test("samples without an estimate widen the interval, and too many of them leave none")
    func unknownEstimates() {
        let values = (1...8).map(Double.init)
        func interval(unknownAbove limit: Double) -> (lower: Double?, upper: Double?) {
            Bootstrap(resamples: 4000).interval95([1], values) { _, second in
                let sum = second.reduce(0, +)
                return sum > limit ? nil : sum
            }
        }
        let (all, most, few) = (
            interval(unknownAbove: .infinity), interval(unknownAbove: 50), interval(unknownAbove: 36)
        )
        #expect(all.lower ?? 0 > most.lower ?? .infinity)
        #expect(few.lower == nil && few.upper == nil)
    }

    @Test("a sample that is empty or not a number is not compared")
    func noSample() {
        #expect(MannWhitney([], [1]) == nil)
        #expect(MannWhitney([1], []) == nil)
        #expect(MannWhitney([1, .nan], [1]) == nil)
        #expect(HodgesLehmann.shift(from: [], to: [1]) == nil)
        #expect(HodgesLehmann.ratio(from: [0, 1], to: [1]) == nil)
        #expect(HodgesLehmann.median([]) == nil)
    }

    @Test("the least p is that of samples that do not overlap")
    func leastP() throws {
        for (first, second) in [(1, 1), (3, 3), (6, 6), (8, 5), (20, 20)] {
            let below = (0..<first).map(Double.init)
            let above = (0..<second).map { Double(first + $0) }
            let test = try #require(MannWhitney(below, above, method: .exact))
            #expect(isClose(test.p, MannWhitney.leastP(first, second), relative: 1e-9))
        }
    }

    @Test("exact and normal agree where both may be used")
    func methodsAgree() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            let (first, second) = (
                (0..<20).map { _ in Double.random(in: 0...1, using: &generator) },
                (0..<20).map { _ in Double.random(in: 0.2...1.2, using: &generator) }
            )
            let exact = try #require(MannWhitney(first, second))
            let normal = try #require(MannWhitney(first, second, method: .normal))
            #expect(exact.method == .exact)
            #expect(abs(exact.p - normal.p) < 0.01)
        }
    }

    private func isClose(_ value: Double, _ golden: Double, relative: Double) -> Bool {
        abs(value - golden) <= relative * max(abs(golden), 1e-12)
    }
}
