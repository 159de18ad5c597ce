import ArgumentParser
import Testing

@testable import MountscopeCommands

@Suite struct BudgetArgumentTests {
    @Test("a budget is in percent of all CPU time", arguments: [("1", 0.01), ("0.5", 0.005), ("2%", 0.02), ("100", 1)])
    func aBudgetIsInPercentOfAllCPUTime(text: String, share: Double) throws {
        #expect(try BudgetArgument.parse(text).budget?.share == share)
    }

    @Test("off is no budget")
    func offIsNoBudget() throws { #expect(try BudgetArgument.parse("off").budget == nil) }

    @Test("nonsense is refused", arguments: ["", "%", "0", "-1", "101", "nan", "inf", "one", "1 %%"])
    func nonsenseIsRefused(text: String) {
        #expect(throws: ValidationError.self) { try BudgetArgument.parse(text) }
    }
}
