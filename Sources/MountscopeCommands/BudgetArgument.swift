import ArgumentParser
import Contention

/// `1`, `0.5 %` or `off`: what the probes may cost, in percent of all CPU time.
struct BudgetArgument: ExpressibleByArgument, CustomStringConvertible {
    /// nil: whatever they cost.
    let budget: ProbeBudget?

    init(budget: ProbeBudget?) { self.budget = budget }

    init?(argument: String) {
        if argument == "off" {
            budget = nil
            return
        }
        let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let percent = Double(digits), percent > 0, percent <= 100 else { return nil }
        budget = ProbeBudget(share: percent / 100)
    }

    var description: String { budget.map { "\($0.share * 100)" } ?? "off" }
    var defaultValueDescription: String { description }
}
