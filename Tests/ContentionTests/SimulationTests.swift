import Testing

@testable import Contention

/// How often comparisons of simulated runs are right, in few simulations: scripts/simulate-comparisons makes many.
@Suite struct SimulationTests {
    @Test(
        "the closer together runs lie and the more they are, the oftener ten percent are found: as often as the power says"
    )
    func tenPercent() {
        func shown(_ runs: Int, _ spread: Double) -> Double {
            let found = Simulations.tenPercent(runs: runs, spread: spread, comparisons: 60)
            #expect(abs(found.shown - found.power) < 0.2, "spread \(spread), \(runs) runs")
            return found.shown
        }
        #expect(shown(8, 0.01) == 1 && shown(12, 0.03) == 1)
        #expect(shown(8, 0.03) > 0.85 && shown(6, 0.03) < shown(8, 0.03) + 0.05 && shown(8, 0.05) < 0.65)
    }

    @Test(
        "the 95 % interval of a ratio holds the true ratio as often as it says, from six runs on",
        arguments: [6, 8, 10])
    func coverage(runs: Int) {
        #expect((0.9...1).contains(Simulations.coverage(runs: runs, spread: 0.03, simulations: 200)))
    }

    @Test(
        "where nothing differs at most 5 % of comparisons find anything, unless the order is warned of",
        arguments: Simulations.Order.allCases, Simulations.Noise.allCases)
    func falseFindings(order: Simulations.Order, noise: Simulations.Noise) throws {
        let findings = try Simulations.findings(order, noise, comparisons: 40)
        // Two are five percent; more than six of 40 come by chance once in 600 times.
        #expect(findings.unwarned <= 6)
        if order == .blocked { #expect(findings.warned == 40) }
    }

    @Test("pairs have one run of either side, half of them begin with either, and no order of them is warned of")
    func pairs() {
        var generator = SeededGenerator(seed: 5)
        for count in 1...12 {
            let order = RunSchedule.pairs(count, using: &generator)
            let first = stride(from: 0, to: 2 * count, by: 2).map { order[$0] }
            #expect(stride(from: 0, to: 2 * count, by: 2).allSatisfy { order[$0] != order[$0 + 1] })
            #expect(abs(2 * first.count { $0 } - count) <= 1)
            if count >= 6 { #expect(RunsTest.shareWithSoFewChanges(order) > 0.05) }
        }
        #expect(RunSchedule.pairs(8, using: &generator) != RunSchedule.pairs(8, using: &generator))
    }
}
