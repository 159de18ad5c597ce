/// How a number is to be read that is not exact.
public enum Mark: String, Sendable, CaseIterable {
    case exact = ""
    /// From samples, or a stand-in.
    case about = "~"
    /// Not everything was seen: there is more.
    case atLeast = ">"
    /// There is less.
    case atMost = "<"

    /// The mark of a series' numbers.
    public init(_ mode: Mode) { self = mode == .exact ? .exact : .about }

    /// The mark of a sum of numbers with these marks.
    public func joined(_ other: Mark) -> Mark {
        if self == other || other == .exact { return self }
        if self == .exact { return other }
        // A part that is missing weighs more than one that is roughly known.
        let both: Set<Mark> = [self, other]
        return both == [.atLeast, .about] ? .atLeast : .about
    }
}
