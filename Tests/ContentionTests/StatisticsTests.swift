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

    @Test("the interval of the ratio is what SciPy's test does not reject, with ties and zeros and without")
    func intervals() throws {
        let lines = try GoldenLine.read(["interval"])
        #expect(lines.count == 6)
        for line in lines {
            let found = try #require(RankInterval(from: line.fields[0], to: line.fields[1], level: 0.05))
            #expect(isClose(found.lower, line.fields[2][0], relative: 1e-9), "\(line.testDescription): \(found)")
            #expect(isClose(found.upper, line.fields[3][0], relative: 1e-9), "\(line.testDescription): \(found)")
        }
    }

    @Test("the interval holds 1 exactly where the test shows nothing, whatever is tied")
    func noContradiction() throws {
        var generator = SeededGenerator(seed: 4)
        for round in 0..<80 {
            let most = round % 2 == 0 ? 4 : 1000
            let (first, second) = (
                (0..<7).map { _ in Double(Int.random(in: 0...most, using: &generator)) },
                (0..<8).map { _ in Double(Int.random(in: 0...(most * (1 + round % 3)), using: &generator)) }
            )
            let test = try #require(MannWhitney(first, second))
            guard let interval = RankInterval(from: first, to: second, level: 0.05) else { continue }
            if test.p >= 0.05 { #expect(interval.holdsOne, "\(first) \(second)") }
            if let ratio = HodgesLehmann.ratio(from: first, to: second), interval.upper < .infinity {
                #expect(interval.lower <= ratio && ratio <= interval.upper, "\(first) \(second)")
            }
        }
    }

    @Test("the same seed gives the same numbers, another seed others")
    func seeds() {
        func numbers(_ seed: UInt64) -> [Double] {
            var generator = SeededGenerator(seed: seed)
            return (0..<8).map { _ in generator.nextNormal() }
        }
        #expect(numbers(7) == numbers(7) && numbers(7) != numbers(8))
    }

    @Test("rising from nothing is a ratio beyond all, and zeros on both sides have none")
    func zeros() throws {
        #expect(HodgesLehmann.ratio(from: [0, 0, 0], to: [1, 2, 3]) == .infinity)
        #expect(HodgesLehmann.ratio(from: [1, 2, 3], to: [0, 0, 0]) == 0)
        #expect(HodgesLehmann.ratio(from: [0, 0], to: [0, 0]) == nil)
        #expect(RankInterval(from: [0, 0], to: [0, 0], level: 0.05) == nil)
        let nothing = Array(repeating: 0.0, count: 8)
        let risen = try #require(RankInterval(from: nothing, to: (1...8).map(Double.init), level: 0.05))
        #expect(risen.lower == .infinity)
    }

    @Test("a smaller level makes a wider interval, and too few values one without ends")
    func levels() throws {
        let (first, second) = ((1...8).map { Double($0 * $0) }, (3...10).map { Double($0 * $0) })
        let wide = try #require(RankInterval(from: first, to: second, level: 0.01))
        let narrow = try #require(RankInterval(from: first, to: second, level: 0.1))
        #expect(wide.lower < narrow.lower && narrow.upper < wide.upper)
        #expect(RankInterval(from: [1, 2, 3], to: [4, 5, 6], level: 0.05) == RankInterval(lower: 0, upper: .infinity))
    }

    @Test("the power of the test is what its simulation says, and none where nothing can be shown")
    func power() throws {
        // Textbook: t test, 8 a side, 5 %, 80 %: 1.51 standard deviations; the rank-sum test needs a little more.
        let shift = try #require(RankPower(8, 8, level: 0.05).shift(shownIn: 0.8))
        #expect((1.45...1.7).contains(shift))
        let power = RankPower(8, 8, level: 0.05)
        #expect(abs(power.share(showing: shift) - 0.8) < 0.01)
        #expect(power.share(showing: 0) < 0.06)
        #expect(RankPower(3, 3, level: 0.05).shift(shownIn: 0.8) == nil)
        #expect(try #require(RankPower(20, 30, level: 0.05).shift(shownIn: 0.8)) < shift)
    }

    @Test("orders with few changes are rare, and all shares add up")
    func orders() {
        func order(_ text: String) -> [Bool] { text.map { $0 == "B" } }
        #expect(isClose(RunsTest.shareWithSoFewChanges(order("AAABBB")), 2.0 / 20, relative: 1e-12))
        #expect(isClose(RunsTest.shareWithSoFewChanges(order("ABABAB")), 1, relative: 1e-12))
        // Every order of six and six, counted.
        var few = 0
        var all = 0
        for bits in 0..<4096 where bits.nonzeroBitCount == 6 {
            let order = (0..<12).map { bits >> $0 & 1 == 1 }
            all += 1
            if zip(order, order.dropFirst()).count(where: { $0 != $1 }) <= 3 { few += 1 }
        }
        #expect(
            isClose(RunsTest.shareWithSoFewChanges(order("AAABBBAAABBB")), Double(few) / Double(all), relative: 1e-9))
        let long = Array(repeating: false, count: 3000) + Array(repeating: true, count: 3000)
        #expect(RunsTest.shareWithSoFewChanges(long) < 1e-300)
    }

    @Test("a sample that is empty or not a number is not compared")
    func noSample() {
        #expect(MannWhitney([], [1]) == nil)
        #expect(MannWhitney([1], []) == nil)
        #expect(MannWhitney([1, .nan], [1]) == nil)
        #expect(HodgesLehmann.shift(from: [], to: [1]) == nil)
        #expect(HodgesLehmann.ratio(from: [], to: [1]) == nil)
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
        value == golden || abs(value - golden) <= relative * max(abs(golden), 1e-12)
    }
}
