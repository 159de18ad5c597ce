/// Programs that are taken off together, because one without the others counts nonsense, and what they cost.
public struct ProbeGroup: Sendable, Equatable {
    /// The programs, by name.
    public let programs: [String]
    /// Nanoseconds of CPU time in the interval: each hit at the price found at the start.
    public var cost: Double

    public init(programs: [String], cost: Double) {
        self.programs = programs
        self.cost = cost
    }
}

/// How much of all CPU time the probes may take, and what has to go where they take more.
///
/// Probes in the loops of waiting readers fire millions of times a second in a storm: then a cheaper, sampled number is
/// worth more than an exact one that makes the storm worse.
public struct ProbeBudget: Sendable, Equatable {
    /// Of the CPU time of all online CPUs, 0...1.
    public let share: Double

    /// One percent.
    public static let standard = ProbeBudget(share: 0.01)

    public init(share: Double) { self.share = share }

    /// What to take off, the dearest first, until the rest is within the budget; nothing where all of it is.
    /// - Parameters:
    ///   - groups: what each costs in the interval.
    ///   - available: nanoseconds of CPU time in the interval, all online CPUs together.
    public func excess(_ groups: [ProbeGroup], available: Double) -> [ProbeGroup] {
        let allowed = available * share
        var remaining = groups.reduce(0) { $0 + $1.cost }
        var excess: [ProbeGroup] = []
        for group in groups.sorted(by: { $0.cost > $1.cost }) {
            guard remaining > allowed, group.cost > 0 else { break }
            excess.append(group)
            remaining -= group.cost
        }
        return excess
    }
}
