extension Delta {
    /// What came since `earlier`, both cumulative; nil when it went back or is of another kind.
    func since(_ earlier: Delta) -> Delta? {
        switch (earlier, self) {
        case (.count(let before), .count(let now)): now.subtracting(before).map(Delta.count)
        case (.durations(let before), .durations(let now)): now.since(before).map(Delta.durations)
        case (.timed(let before), .timed(let now)): now.since(before).map(Delta.timed)
        case (.share(let before), .share(let now)): now.since(before).map(Delta.share)
        default: nil
        }
    }

    /// Both together; nil where they are of different kinds.
    ///
    /// The sums must fit into 64 bits: whoever adds what strangers wrote asks a `SumGuard` first.
    public func adding(_ more: Delta) -> Delta? {
        switch (self, more) {
        case (.count(let one), .count(let other)): return .count(one + other)
        case (.durations(var one), .durations(let other)):
            one.merge(other)
            return .durations(one)
        case (.timed(let one), .timed(let other)):
            return .timed(
                TimedCount(count: one.count + other.count, nanoseconds: one.nanoseconds + other.nanoseconds))
        case (.share(let one), .share(let other)): return .share(one.adding(other))
        default: return nil
        }
    }

    /// Nothing, of the same kind.
    public var nothing: Delta {
        switch self {
        case .count: .count(0)
        case .durations: .durations(.empty)
        case .timed: .timed(TimedCount(count: 0, nanoseconds: 0))
        case .share(let share): .share(Share(part: 0, whole: 0, repeats: share.repeats.map { _ in 0 }))
        }
    }
}
