import Contention
import SystemCalls

/// Watches what the probes cost, and says which have to go.
struct OwnAccount {
    /// A program that runs: how often so far, and whether it is a kprobe.
    struct Program {
        let name: String
        let isKprobe: Bool
        let hits: UInt64
    }

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
    /// Snapshots taken.
    private(set) var snapshots: UInt64 = 0

    /// Of a stretch, in nanoseconds.
    private static let shortest: UInt64 = 1_000_000_000
    /// A program goes when it is too dear in so many stretches in a row. A burst of a second or two is no storm: any user
    /// of the host could make one, and would blind the run for good.
    private static let patience = 3

    /// Programs that count nonsense without one another.
    private static let groups: [[String]] = [
        ["reader_paused"], ["lock_contended"], ["write_acquired", "write_left"],
        ["exclusive_acquired", "exclusive_released"], ["reader_blocked", "reader_resumed"],
        ["semaphore_requested", "semaphore_acquired", "semaphore_released"],
        ["m_start", "read_waits", "read_waited", "m_start_acquired", "m_stop"],
        ["prepend_path_enter", "prepend_path_exit"], TracepointPlan.programs, CallProgram.names,
    ]

    init(prices: ProbePrices, budget: ProbeBudget?) {
        self.prices = prices
        self.budget = budget
    }

    /// Nanoseconds of CPU time that runs took. Programs that were taken off run, and cost, until the kernel has detached
    /// the last of their probes; many take seconds.
    func cost(_ program: Program) -> Double { Double(program.hits) * price(program) }

    private func price(_ program: Program) -> Double { program.isKprobe ? prices.kprobe : prices.tracing }

    /// Looks at what was spent in the latest seconds. What is gone, or going, is left out: taking off more would not make it
    /// go sooner.
    /// - Parameters:
    ///   - moment: CLOCK_MONOTONIC, nanoseconds.
    ///   - cpus: online ones.
    /// - Returns: programs to take off now.
    mutating func audit(_ programs: [Program], at moment: UInt64, cpus: Int) -> [String] {
        snapshots += 1
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
            return (program.name, Double(runs) * price(program) / available)
        }
        stretches = stretches.suffix(Self.patience - 1) + [Dictionary(shares) { $0 + $1 }]
        return withdraw(budget, at: moment)
    }

    /// Takes off what was too dear all along.
    private mutating func withdraw(_ budget: ProbeBudget, at moment: UInt64) -> [String] {
        guard stretches.count == Self.patience, let latest = stretches.last else { return [] }
        let spent = latest.keys.filter { withdrawn[$0] == nil }.sorted().map { name in
            (name: name, cost: stretches.map { $0[name] ?? 0 }.min() ?? 0)
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

    private static func grouped(_ spent: [(name: String, cost: Double)]) -> [ProbeGroup] {
        let costs = Dictionary(spent.map { ($0.name, $0.cost) }) { $0 + $1 }
        let alone = costs.keys.filter { name in !groups.contains { $0.contains(name) } }.sorted().map { [$0] }
        return (groups + alone).compactMap { names in
            let present = names.filter { costs[$0] != nil }
            return present.isEmpty
                ? nil : ProbeGroup(programs: present, cost: present.reduce(0) { $0 + (costs[$1] ?? 0) })
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
