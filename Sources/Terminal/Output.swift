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
    /// Open as long as this process lets it be.
    public let descriptor: Int32

    /// Standard output.
    public static let standard = Output(STDOUT_FILENO)
    /// Standard error.
    public static let error = Output(STDERR_FILENO)

    /// - Parameter descriptor: somebody else's; it is not closed.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Whether somebody may be looking.
    public var isTerminal: Bool { TerminalDevice.isTerminal(descriptor) }

    /// Whether it is a terminal on which the cursor can be moved.
    public var takesSequences: Bool {
        isTerminal && TerminalDevice.takesSequences(getenv("TERM").map { String(cString: $0) })
    }

    /// Writes text as UTF-8.
    /// - Throws: `OutputError.closed` when the reader has gone, given that SIGPIPE is ignored.
    public func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)) }

    /// Writes bytes.
    /// - Throws: `OutputError.closed` when the reader has gone, given that SIGPIPE is ignored.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        do {
            try writeAll(bytes[...], to: descriptor)
        } catch {
            throw error.code == EPIPE ? .closed : .failed(error)
        }
    }

    /// Makes a write to a closed pipe an error of that write instead of the process's death.
    public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Takes the place of standard streams that are closed (`2>&-`): the next file opened would get their number, and
    /// messages would be written into a recording. Using them still fails, with EBADF.
    public static func occupyClosedStreams() {
        // In this order each gets the lowest free number, its own.
        for (descriptor, unusable) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", unusable)
        }
    }
}
