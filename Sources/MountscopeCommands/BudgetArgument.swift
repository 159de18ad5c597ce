import ArgumentParser
import Contention

/// `1`, `0.5 %` or `off`: what the probes may cost, in percent of all CPU time.
struct BudgetArgument: Equatable {
    /// nil: whatever they cost.
    let budget: ProbeBudget?

    /// - Throws: `ValidationError` for anything but `off` and a percentage above 0, of 100 at most.
    static func parse(_ argument: String) throws -> BudgetArgument {
        if argument == "off" { return BudgetArgument(budget: nil) }
        let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let percent = Double(digits), percent > 0, percent <= 100 else {
            throw ValidationError(
                "\"\(argument)\" is no budget; write a percentage of all CPU time, above 0 and 100 at most, or off")
        }
        return BudgetArgument(budget: ProbeBudget(share: percent / 100))
    }
}
