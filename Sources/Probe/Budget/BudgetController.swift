import Contention
import SystemCalls

/// Watches what the probes cost, and says which have to go. Acts between two snapshots.
struct BudgetController {
    /// Why programs were taken off, by program.
    private(set) var withdrawn: [String: String] = [:]
    private let prices: ProbePrices
    /// nil: whatever they cost.
    private let budget: ProbeBudget?
    private var last: (moment: UInt64, hits: [String: UInt64])?
    /// CLOCK_MONOTONIC of the first look, nanoseconds.
    private var began: UInt64 = 0
    /// What each program took in the latest stretches of time, of all CPU time; the oldest first.
    private var stretches: [[String: Double]] = []

    /// Of a stretch, in nanoseconds.
    private static let shortest: UInt64 = 1_000_000_000
    /// A program goes when it is too dear in so many stretches in a row. A burst of a second or two is no storm: any user
    /// of the host could make one, and would blind the run for good.
    private static let patience = 3

    init(prices: ProbePrices, budget: ProbeBudget?) {
        self.prices = prices
        self.budget = budget
    }

    /// Looks at what was spent in the latest seconds. What is gone, or going, is left out: taking off more would not make it
    /// go sooner.
    /// - Parameters:
    ///   - programs: those that are attached; timers are left out.
    ///   - moment: CLOCK_MONOTONIC, nanoseconds.
    ///   - cpus: online ones.
    /// - Returns: programs to take off now.
    mutating func audit(_ programs: [AttachedProgram], at moment: UInt64, cpus: Int) -> [String] {
        let programs = programs.filter { !$0.isTimer }
        let hits = Dictionary(programs.map { ($0.name, $0.hits) }) { first, _ in first }
        guard let last else {
            self.last = (moment, hits)
            began = moment
            return []
        }
        guard let budget, moment - last.moment >= Self.shortest else { return [] }
        self.last = (moment, hits)
        let available = Double(moment - last.moment) * Double(max(1, cpus))
        let shares = programs.map { program in
            let runs = program.hits - min(program.hits, last.hits[program.name] ?? 0)
            return (program.name, Double(runs) * prices.run(program) / available)
        }
        stretches = stretches.suffix(Self.patience - 1) + [Dictionary(shares) { $0 + $1 }]
        return withdraw(budget, programs, at: moment)
    }

    /// Takes off what was too dear all along.
    private mutating func withdraw(
        _ budget: ProbeBudget, _ programs: [AttachedProgram], at moment: UInt64
    ) -> [String] {
        guard stretches.count == Self.patience, let latest = stretches.last else { return [] }
        let spent = programs.filter { withdrawn[$0.name] == nil && latest[$0.name] != nil }.map { program in
            (program: program, cost: stretches.map { $0[program.name] ?? 0 }.min() ?? 0)
        }
        let excess = budget.excess(Self.grouped(spent), available: 1)
        let all = spent.reduce(0) { $0 + $1.cost }
        for group in excess {
            let why = Self.reason(share: group.cost, all: all, budget: budget, after: moment - began)
            for name in group.programs { withdrawn[name] = why }
        }
        // What remains is judged anew.
        if !excess.isEmpty { stretches = [] }
        return excess.flatMap(\.programs)
    }

    private static func grouped(_ spent: [(program: AttachedProgram, cost: Double)]) -> [ProbeGroup] {
        let groups = Dictionary(grouping: spent, by: \.program.group)
        return groups.keys.sorted().compactMap { groups[$0] }.map { members in
            ProbeGroup(programs: members.map(\.program.name), cost: members.reduce(0) { $0 + $1.cost })
        }
    }

    /// When, what it cost of all CPU time, and how to keep it.
    /// - Parameter after: nanoseconds since the first look.
    private static func reason(share: Double, all: Double, budget: ProbeBudget, after: UInt64) -> String {
        func seconds(_ nanoseconds: UInt64) -> String {
            let tenths = nanoseconds / 100_000_000
            return "\(tenths / 10).\(tenths % 10) s"
        }
        func percent(_ share: Double) -> String {
            let hundredths = Int((share * 10000).rounded())
            let fraction = hundredths % 100
            return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
        }
        return
            "\(ProbeRemoval.opening) after \(seconds(after)): its probes took \(percent(share)) of all CPU time, all together "
            + "\(percent(all)), --budget allows \(percent(budget.share)); --budget off keeps them"
    }
}
