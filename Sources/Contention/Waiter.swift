/// A signal that asks to end.
public enum StopSignal: String, Sendable, CaseIterable {
    case interrupt = "SIGINT"
    case terminate = "SIGTERM"
    case hangUp = "SIGHUP"
    case quit = "SIGQUIT"
}

/// What ended a wait.
public enum Wakeup: Equatable, Sendable {
    case deadline
    /// `fromTerminal`: the terminal sent it (Ctrl-C), to every process in the foreground, not only to this one.
    case stop(StopSignal, fromTerminal: Bool)
    /// The terminal has another size.
    case windowChanged
    /// A child process ended.
    case childChanged
    /// Nobody reads the output any more.
    case outputClosed
    /// The terminal asks to make room for another job (Ctrl-Z).
    case suspend
    /// A key was pressed.
    case key(Key)
}

/// Waits for a moment or for news, whichever is first.
public protocol Waiter {
    /// - Parameter deadline: CLOCK_MONOTONIC, nanoseconds; one that has passed returns at once, after any news.
    /// - Throws: when waiting itself fails.
    mutating func wait(until deadline: UInt64) throws -> Wakeup
}
