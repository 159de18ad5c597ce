/// A row of the record plane: cumulative in a snapshot, a difference in a batch. nil is "not known", never 0.
public protocol RecordRow: Sendable, Equatable {
    associatedtype Key: Hashable & Sendable
    /// What the row is about; unique among the rows of a snapshot or batch.
    var key: Key { get }
    /// What came since `earlier`, a row of the same key.
    /// - Returns: nil where a counter went back, which none can.
    func since(_ earlier: Self) -> Self?
    /// What came in this time and in the next, as one row of the same key.
    /// - Returns: nil where a sum does not fit into 64 bits.
    func adding(_ later: Self) -> Self?
}

/// Arithmetic of cells that may be unknown, over all the cells of a row.
struct RowArithmetic {
    /// Whether a counter went back, or a sum does not fit.
    private(set) var isImpossible = false

    /// What a counter gained; nil where it was or is not known.
    mutating func difference(_ now: UInt64?, _ earlier: UInt64?) -> UInt64? {
        guard let now, let earlier else { return nil }
        guard let difference = now.subtracting(earlier) else {
            isImpossible = true
            return nil
        }
        return difference
    }

    /// The longest of an interval, out of the longest ever: known where it is longer than everything before. Where it is
    /// not, the interval's is at most what it was.
    mutating func newMaximum(_ now: UInt64?, _ earlier: UInt64?) -> UInt64? {
        guard let now else { return nil }
        guard let earlier else { return now }
        if now < earlier { isImpossible = true }
        return now > earlier ? now : nil
    }

    /// nil as soon as one of both is not known.
    mutating func sum(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
        guard let one, let other else { return nil }
        guard let sum = one.adding(other) else {
            isImpossible = true
            return nil
        }
        return sum
    }

    /// The longer of both, as far as they are known.
    func maximum(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
        guard let one, let other else { return one ?? other }
        return max(one, other)
    }
}

extension Mode {
    /// The mode of a sum of both: exact only where both are.
    func joined(_ other: Mode) -> Mode {
        if self == other { return self }
        if self == .unavailable || other == .unavailable { return .unavailable }
        return .estimated
    }
}
