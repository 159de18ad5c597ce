/// A number and its mark.
public struct Amount: Sendable, Equatable {
    public var value: Double
    public var mark: Mark
    /// What it is at the very least: of samples the lower end of the 95 % interval, else the number.
    public var least: Double

    /// - Parameter least: nil for the value.
    public init(_ value: Double, _ mark: Mark = .exact, least: Double? = nil) {
        self.value = value
        self.mark = mark
        self.least = least ?? value
    }

    /// Both together.
    public func adding(_ other: Amount) -> Amount {
        Amount(value + other.value, mark.joined(other.mark), least: least + other.least)
    }

    /// So many times as much.
    /// - Parameter mark: joins the amount's own.
    public func times(_ factor: Double, _ mark: Mark = .exact) -> Amount {
        // Of nothing at all there is no more, whatever the factor.
        let isNothing = value == 0 && self.mark == .exact
        return Amount(value * factor, isNothing ? .exact : self.mark.joined(mark), least: least * factor)
    }

    /// All that are known, together: at least that much where one is not; nil where none is.
    public static func sum(_ parts: [Amount?]) -> Amount? {
        let known = parts.compactMap { $0 }
        guard let first = known.first else { return nil }
        var sum = known.dropFirst().reduce(first) { $0.adding($1) }
        if known.count < parts.count { sum.mark = sum.mark.joined(.atLeast) }
        return sum
    }

    /// The share that the samples of several sites are together, of the same samples; nil where nothing was sampled.
    public static func share(_ sites: [SampledSite]) -> Amount? {
        let known = sites.filter { $0.delta?.share != nil }
        guard let share = Delta.joined(known.map(\.delta))?.share, let value = share.value else { return nil }
        var mark = known.reduce(Mark.exact) { $0.joined(Mark($1.mode)) }
        if known.count < sites.count { mark = mark.joined(.atLeast) }
        return Amount(value, mark, least: share.interval95?.lowerBound)
    }
}

/// The samples of one site.
public struct SampledSite: Sendable {
    let mode: Mode
    let delta: Delta?

    /// - Parameter delta: nil where unknown.
    public init(_ mode: Mode, _ delta: Delta?) {
        self.mode = mode
        self.delta = delta
    }
}
