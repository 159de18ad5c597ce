/// Round moments on a time axis: full seconds, minutes, hours, days.
public struct ClockScale: Equatable, Sendable {
    /// Nanoseconds since 1970 UTC.
    public let ticks: [Int64]
    /// Nanoseconds from one to the next.
    public let step: Int64

    private static let second: Int64 = 1_000_000_000
    private static let steps: [Int64] = {
        let parts: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500].map { $0 * 1_000_000 }
        let seconds: [Int64] = [1, 2, 5, 10, 15, 30].map { $0 * second }
        let minutes: [Int64] = [1, 2, 5, 10, 15, 30].map { $0 * 60 * second }
        let hours: [Int64] = [1, 2, 3, 6, 12].map { $0 * 3600 * second }
        let days: [Int64] = [1, 2, 7, 14, 28, 364, 3640].map { $0 * 86_400 * second }
        return parts + seconds + minutes + hours + days
    }()

    /// - Parameters:
    ///   - start: nanoseconds since 1970 UTC.
    ///   - elapsed: nanoseconds from there to the end.
    ///   - count: how many ticks there are at most.
    public init(from start: Int64, over elapsed: UInt64, atMost count: Int) {
        let length = Int64(clamping: elapsed)
        step = ClockScale.steps.first { length / $0 < Int64(max(1, count)) } ?? .max
        let (end, overflows) = start.addingReportingOverflow(length)
        guard !overflows, step < .max, start >= 0 else {
            ticks = []
            return
        }
        var ticks: [Int64] = []
        // The first that is not before the start.
        var next: (partialValue: Int64, overflow: Bool) = start.addingReportingOverflow((step - start % step) % step)
        while !next.overflow, next.partialValue <= end, ticks.count <= count {
            ticks.append(next.partialValue)
            next = next.partialValue.addingReportingOverflow(step)
        }
        self.ticks = ticks
    }
}
