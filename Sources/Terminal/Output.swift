import Glibc
import SystemCalls

/// Why output ended.
public enum OutputError: Error, Equatable {
    /// Nobody reads any more (EPIPE): the quiet end of `| head`.
    case closed
    case failed(Errno)
}

/// A descriptor to print on: standard output or standard error.
public struct Output: Sendable {
    public let descriptor: Int32

    public static let standard = Output(STDOUT_FILENO)
    public static let error = Output(STDERR_FILENO)

    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    public var isTerminal: Bool { TerminalDevice.isTerminal(descriptor) }

    /// Writes text as UTF-8.
    /// - Throws: `OutputError.closed` when the reader has gone, given that SIGPIPE is ignored.
    public func write(_ text: String) throws(OutputError) {
        do {
            try writeAll(Array(text.utf8)[...], to: descriptor)
        } catch {
            throw error.code == EPIPE ? .closed : .failed(error)
        }
    }

    /// Makes a write to a closed pipe an error of that write instead of the process's death.
    public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
