import ArgumentParser
import Glibc

/// Text to the standard streams, written in full.
enum StandardStreams {
    /// Writes a line to stdout; a reader that went away or a full disk is a failure, not silence.
    static func printLine(_ line: String) throws {
        let failed = write(line + "\n", to: STDOUT_FILENO)
        guard failed == 0 else {
            let reason = strerror(failed).map { String(cString: $0) } ?? "errno \(failed)"
            complain("cannot write to stdout: \(reason)")
            throw ExitCodes.failed
        }
    }

    /// Writes an error line to stderr; where that fails nobody is left to tell.
    static func complain(_ message: String) {
        _ = write("mountscope: \(message)\n", to: STDERR_FILENO)
    }

    /// 0, or the errno of the write() that failed.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno != EINTR { return errno }
            rest = rest.dropFirst(max(written, 0))
        }
        return 0
    }
}
