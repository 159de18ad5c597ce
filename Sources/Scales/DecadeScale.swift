import Glibc

/// Whole powers of ten around values: a logarithmic axis.
public struct DecadeScale: Equatable, Sendable {
    /// The powers of ten below the least value and above the greatest.
    private let low: Int
    private let high: Int

    /// The least power that a scale may begin with where nothing else is said: 1, for durations in nanoseconds.
    public static let one = 0

    /// nil where there is nothing above 0.
    /// - Parameter least: the power of ten that less is drawn as.
    public init?(_ values: some Sequence<Double>, from least: Int = DecadeScale.one) {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        guard let lowest = positive.min(), let highest = positive.max() else { return nil }
        low = max(least, Int(log10(lowest).rounded(.down)))
        high = max(low + 1, Int(log10(highest).rounded(.up)))
    }

    /// The powers of ten, the least first.
    public var edges: [Double] { (low...high).map { pow(10, Double($0)) } }

    /// At most so many of the powers, evenly spaced, the least among them.
    public func edges(atMost count: Int) -> [Double] {
        let every = (high - low) / max(1, count - 1) + ((high - low) % max(1, count - 1) == 0 ? 0 : 1)
        return stride(from: low, through: high, by: max(1, every)).map { pow(10, Double($0)) }
    }

    /// Where a value lies, 0 for the lowest power and 1 for the highest; what is less or more is there, too.
    public func position(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        return min(1, max(0, (log10(value) - Double(low)) / Double(high - low)))
    }

    /// The line of a value among so many, 0 for the lowest.
    public func line(_ value: Double, of height: Int) -> Int {
        Int((position(value) * Double(height - 1)).rounded())
    }
}

/// Durations by their doublings, 2^first to 2^last nanoseconds.
public struct DoublingScale: Equatable, Sendable {
    private let exponents: ClosedRange<Int>

    /// - Parameter exponents: log2 of nanoseconds, of the first bar's begin and the last bar's end.
    public init(_ exponents: ClosedRange<Int>) { self.exponents = exponents }

    /// Where a duration lies, 0...1.
    public func position(_ nanoseconds: Double) -> Double {
        guard exponents.count > 1 else { return 0 }
        let exponent = log2(max(1, nanoseconds)) - Double(exponents.lowerBound)
        return min(1, max(0, exponent / Double(exponents.count - 1)))
    }

    /// At most so many of the powers of ten within, evenly spaced; of a narrow scale its beginning.
    public func decades(atMost count: Int) -> [Double] {
        let (from, to) = (pow(2, Double(exponents.lowerBound)), pow(2, Double(exponents.upperBound)))
        let within = (0...20).map { pow(10, Double($0)) }.filter { $0 >= from && $0 <= to }
        let every = max(1, (within.count + count - 1) / max(1, count))
        return within.isEmpty ? [from] : stride(from: 0, to: within.count, by: every).map { within[$0] }
    }
}
