import Glibc

/// Values in steps of a colour or shade, by the logarithm: CPUs differ by orders of magnitude.
struct HeatScale: Equatable {
    static let steps = 8
    /// What the first step begins above; every further step reaches `ratio` times as far.
    private let lowest: Double
    private let ratio: Double

    /// nil where there is nothing above 0.
    init?(_ values: some Sequence<Double>) {
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
    func step(_ value: Double) -> Int {
        guard value > 0 else { return 0 }
        // A value on an edge, give or take the last digits, is of the lower step.
        let step = (log(value / lowest) / log(ratio) - 1e-6).rounded(.up)
        return Int(min(Double(HeatScale.steps), max(1, step)))
    }

    /// The highest value of a step, 1...8.
    func upperEdge(_ step: Int) -> Double { lowest * pow(ratio, Double(step)) }
}

/// Whole powers of ten around values.
struct DecadeScale: Equatable {
    /// The powers of ten, of one at least, below the least value and above the greatest.
    private let low: Int
    private let high: Int

    /// nil where there is nothing above 0.
    init?(_ values: some Sequence<Double>) {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        guard let least = positive.min(), let greatest = positive.max() else { return nil }
        low = max(0, Int(log10(least).rounded(.down)))
        high = max(low + 1, Int(log10(greatest).rounded(.up)))
    }

    /// The powers of ten, the least first.
    var edges: [Double] { (low...high).map { pow(10, Double($0)) } }

    /// The line of a value among so many, 0 for the lowest.
    func line(_ value: Double, of height: Int) -> Int {
        let exact = (log10(max(value, 1)) - Double(low)) / Double(high - low) * Double(height - 1)
        return max(0, min(height - 1, Int(exact.rounded())))
    }
}
