extension Delta {
    /// Both together; nil where they are of different kinds, or where a sum does not fit into 64 bits.
    public func adding(_ more: Delta) -> Delta? {
        switch (self, more) {
        case (.count(let one), .count(let other)): one.adding(other).map(Delta.count)
        case (.durations(let one), .durations(let other)): one.adding(other).map(Delta.durations)
        case (.timed(let one), .timed(let other)): one.adding(other).map(Delta.timed)
        case (.share(let one), .share(let other)): one.adding(other).map(Delta.share)
        default: nil
        }
    }

    /// All CPUs together, or several sites: a count of 0 where there are none; nil as soon as one of them is unknown, or where a
    /// sum does not fit into 64 bits. All must be of one kind.
    public static func sum(_ parts: [Delta?]) -> Delta? {
        guard let first = parts.first else { return .count(0) }
        return parts.dropFirst().reduce(first) { sum, part in
            sum.flatMap { sum in part.flatMap { sum.adding($0) } }
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
