import Glibc

/// Values in steps of a colour or shade, by the logarithm: CPUs differ by orders of magnitude. The same for page and terminal.
public struct HeatScale: Equatable, Sendable {
    public static let steps = 8
    /// What the first step begins above; every further step reaches `ratio` times as far.
    private let lowest: Double
    private let ratio: Double

    /// nil where there is nothing above 0.
    public init?(_ values: some Sequence<Double>) {
        var (low, high) = (Double.infinity, 0.0)
        for value in values where value > 0 && value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        guard high > 0 else { return nil }
        // A step is a factor of 1.5 at least, of 10 at most: then the lowest takes all that is less.
        ratio = min(10, max(1.5, pow(high / low, 1 / Double(HeatScale.steps - 1))))
        lowest = high / pow(ratio, Double(HeatScale.steps))
    }

    /// 1...8; 0 for nothing at all.
    public func step(_ value: Double) -> Int {
        guard value > 0 else { return 0 }
        // A value on an edge, give or take the last digits, is of the lower step.
        let step = (log(value / lowest) / log(ratio) - 1e-6).rounded(.up)
        return Int(min(Double(HeatScale.steps), max(1, step)))
    }

    /// The highest value of a step, 1...8.
    public func upperEdge(_ step: Int) -> Double { lowest * pow(ratio, Double(step)) }
}
