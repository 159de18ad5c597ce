import Testing

@testable import Contention

@Suite struct ProbeBudgetTests {
    private let budget = ProbeBudget(share: 0.01)

    private func group(_ name: String, _ cost: Double) -> ProbeGroup { ProbeGroup(programs: [name], cost: cost) }

    private func excess(_ groups: ProbeGroup...) -> [String] {
        budget.excess(groups, available: 1_000_000).flatMap(\.programs)
    }

    @Test("what is within the budget stays, to the last nanosecond")
    func whatIsWithinTheBudgetStays() {
        #expect(excess(group("a", 4_000), group("b", 6_000)) == [])
        #expect(excess(group("a", 4_000), group("b", 6_001)) == ["b"])
        #expect(excess() == [])
    }

    @Test("the dearest goes first, and no more go than must")
    func theDearestGoesFirstAndNoMoreGoThanMust() {
        #expect(excess(group("a", 9_000), group("b", 40_000), group("c", 900)) == ["b"])
        #expect(excess(group("a", 9_000), group("b", 40_000), group("c", 1_100)) == ["b", "a"])
        #expect(excess(group("a", 10_001), group("b", 10_002), group("c", 10_003)) == ["c", "b", "a"])
    }

    @Test("programs that belong together go together")
    func programsThatBelongTogetherGoTogether() {
        let pair = ProbeGroup(programs: ["acquired", "released"], cost: 20_000)
        #expect(excess(group("a", 5_000), pair) == ["acquired", "released"])
    }

    @Test("what costs nothing is never taken off")
    func whatCostsNothingIsNeverTakenOff() {
        let none = ProbeBudget(share: 0).excess([group("a", 0), group("b", 1)], available: 1_000_000)
        #expect(none.flatMap(\.programs) == ["b"])
    }
}
