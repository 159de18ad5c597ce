/// Where intervals come from: the kernel (`SamplingLoop`), or a recorded run.
public protocol IntervalSource {
    /// Intervals so far.
    var count: Int { get }
    /// Everything from the beginning to the end of the latest interval; nil before there is one.
    var summary: Interval? { get }
    /// Waits for the next interval, for news or for the end.
    /// - Throws: when the source can no longer be read, or waiting itself fails.
    mutating func next() throws -> IntervalStep
    /// Ends now.
    /// - Returns: the interval that is cut short; nil where no time has passed, or the end is the source's own.
    /// - Throws: when the source can no longer be read.
    mutating func finish() throws -> IntervalBundle?
    /// Makes further intervals of another length, where the source can.
    /// - Parameter interval: nanoseconds, not 0.
    mutating func use(interval: UInt64)
}

extension IntervalSource {
    public mutating func use(interval: UInt64) {}
}

/// What the next step of a source brought.
public enum IntervalStep: Sendable {
    case interval(IntervalBundle)
    /// Never `.deadline`.
    case news(Wakeup)
    /// The planned duration or the recording is over; `finish()` gives what remains.
    case over
}
