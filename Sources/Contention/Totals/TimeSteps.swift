/// The time of a run in at most `Timeline.steps` steps of as many intervals each, but the last; when they are full, two at a
/// time become one.
struct TimeSteps: Sendable {
    /// Nanoseconds of each.
    private(set) var lengths: [UInt64] = []
    /// Intervals a step.
    private(set) var width = 1
    /// The step of the latest interval.
    private(set) var current = 0

    /// Begins an interval.
    /// - Parameter interval: counts from 1.
    /// - Returns: whether two steps at a time have become one before: whoever keeps values by step does the same.
    mutating func begin(_ interval: Int, elapsed: UInt64) -> Bool {
        current = step(of: interval)
        let isFull = current >= Timeline.steps
        if isFull {
            lengths = halved(lengths, &+)
            width *= 2
            current = step(of: interval)
        }
        while lengths.count <= current { lengths.append(0) }
        lengths[current] &+= elapsed
        return isFull
    }

    /// - Parameter interval: counts from 1.
    func step(of interval: Int) -> Int { (interval - 1) / width }
}

/// A number over a step of time: its mean, and the interval in which it was greatest. A mean over ten minutes hides half a
/// minute.
public struct StepValue: Sendable, Equatable {
    private var sum = 0.0
    private var base = 0.0
    /// The greatest of an interval; nil where nothing was known.
    public private(set) var maximum: Double?

    public init() {}

    /// Over the time in which it was known; nil where it never was.
    public var mean: Double? { base > 0 ? sum / base : nil }

    /// Takes an interval.
    /// - Parameter elapsed: its nanoseconds.
    public mutating func add(_ value: Double?, over elapsed: UInt64) {
        guard let value else { return }
        sum += value * Double(elapsed)
        base += Double(elapsed)
        maximum = max(maximum ?? value, value)
    }

    /// Takes the step behind it.
    public mutating func add(_ other: StepValue) {
        sum += other.sum
        base += other.base
        maximum = [maximum, other.maximum].compactMap { $0 }.max()
    }
}
