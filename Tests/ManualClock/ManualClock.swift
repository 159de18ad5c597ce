import Contention

/// A clock that only the test moves, and waiting on it.
open class ManualClock: Waiter {
    /// CLOCK_MONOTONIC, nanoseconds.
    public var now: UInt64
    /// News by the moment it comes, in that order.
    public var news: [(at: UInt64, wakeup: Wakeup)] = []

    public init(now: UInt64) { self.now = now }

    /// Moves to the deadline, or to news that comes before.
    public func wait(until deadline: UInt64) -> Wakeup {
        if let next = news.first, next.at <= deadline {
            news.removeFirst()
            now = max(now, next.at)
            return next.wakeup
        }
        now = max(now, deadline)
        return .deadline
    }
}
