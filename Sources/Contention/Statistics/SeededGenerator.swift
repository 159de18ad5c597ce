/// Random numbers that are the same for the same seed: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What an estimate could have been: the samples drawn again and again from themselves, with replacement.
///
/// Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13: the percentile interval. How
/// often it holds the truth with few values is in docs/comparing.md.
public struct Bootstrap: Sendable {
    /// How often the samples are drawn.
    public let resamples: Int
    /// The same seed gives the same interval.
    public let seed: UInt64

    public init(resamples: Int = 2000, seed: UInt64 = 1) {
        self.resamples = resamples
        self.seed = seed
    }

    /// The 95 % interval of an estimate from two samples; a bound is nil where it is not known.
    /// - Parameter estimate: nil for samples that have no estimate: as these may lie anywhere, they stand at both ends.
    public func interval95(
        _ first: [Double], _ second: [Double], estimate: ([Double], [Double]) -> Double?
    ) -> (lower: Double?, upper: Double?) {
        guard !first.isEmpty, !second.isEmpty, resamples > 0 else { return (nil, nil) }
        // In an order of their own, so that the same values give the same interval however they come.
        let (first, second) = (first.sorted(), second.sorted())
        var generator = SeededGenerator(seed: seed)
        var found: [Double] = []
        for _ in 0..<resamples {
            if let one = estimate(draw(first, &generator), draw(second, &generator)) { found.append(one) }
        }
        found.sort()
        // As many values stay outside on either side, the unknown ones counted among them.
        let outside = Int((0.025 * Double(resamples)).rounded(.down))
        let unknown = resamples - found.count
        guard outside >= unknown, found.count > 2 * (outside - unknown) else { return (nil, nil) }
        return (found[outside - unknown], found[found.count - 1 - (outside - unknown)])
    }

    private func draw(_ values: [Double], _ generator: inout SeededGenerator) -> [Double] {
        values.map { _ in values[Int.random(in: values.indices, using: &generator)] }
    }
}
