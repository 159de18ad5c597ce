/// A part of a whole: samples that found something, of all samples taken; or events seen, of all that there were.
public struct Share: Sendable, Equatable {
    /// At most `whole`.
    public var part: UInt64
    public var whole: UInt64
    /// Samples that found it when the sample before them, on whatever CPU, had found it too; nil where nothing was
    /// sampled. Tells how far samples repeat one another.
    public var repeats: UInt64?

    public init(part: UInt64, whole: UInt64, repeats: UInt64? = nil) {
        self.part = part
        self.whole = whole
        self.repeats = repeats
    }

    /// Part over whole, 0...1; nil of nothing.
    public var value: Double? { whole > 0 ? Double(part) / Double(whole) : nil }

    /// What came since `earlier`; nil when any of it went back.
    func since(_ earlier: Share) -> Share? {
        guard let part = part.subtracting(earlier.part), let whole = whole.subtracting(earlier.whole) else {
            return nil
        }
        guard let now = repeats, let before = earlier.repeats else { return Share(part: part, whole: whole) }
        return now.subtracting(before).map { Share(part: part, whole: whole, repeats: $0) }
    }

    /// Parts and wholes added up: samples of another CPU. Nil where a sum does not fit into 64 bits.
    public func adding(_ more: Share) -> Share? {
        guard let part = part.adding(more.part), let whole = whole.adding(more.whole) else { return nil }
        guard let mine = repeats, let others = more.repeats else { return Share(part: part, whole: whole) }
        return mine.adding(others).map { Share(part: part, whole: whole, repeats: $0) }
    }

    /// The 95 % interval of the share that the samples stand for; nil where nothing was sampled.
    ///
    /// Wilson's score interval (1927), with as many independent samples as a chain with this much repetition is worth:
    /// n (1 - r) / (1 + r), r being the correlation of one sample with the next (Klotz 1973, for Bernoulli trials with
    /// dependence). Samples that repel one another count as independent.
    public var interval95: ClosedRange<Double>? {
        guard let value, value <= 1, let repeats else { return nil }
        let samples = Double(whole)
        var effective = samples
        if part > 0, part < whole {
            let correlation = (Double(repeats) / Double(part) - value) / (1 - value)
            let bounded = min(max(correlation, 0), 0.999)
            effective = max(1, samples * (1 - bounded) / (1 + bounded))
        }
        let z = 1.959963984540054
        let square = z * z / effective
        let middle = (value + square / 2) / (1 + square)
        let reach = z / (1 + square) * (value * (1 - value) / effective + square / (4 * effective)).squareRoot()
        // At the very ends rounding would leave the share outside.
        return max(0, min(value, middle - reach))...min(1, max(value, middle + reach))
    }
}
