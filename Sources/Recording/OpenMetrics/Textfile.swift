import Glibc
import SystemCalls

/// A file that is replaced as a whole, so that its readers see an old or a new state and never half of one.
public struct Textfile: Sendable, Equatable {
    /// As given.
    public let path: String

    /// Looks whether the file can be made; changes nothing.
    /// - Throws: `SystemFailure`.
    public init(path: String) throws(SystemFailure) {
        self.path = path
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? "./"
        do { try retryingInterrupted { access(String(parent), W_OK | X_OK) } } catch {
            throw Textfile.failure(path, error)
        }
        var status = stat()
        // A rename would put a file in the place of a device or a pipe.
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw SystemFailure(
                message: "cannot write \"\(path)\": it is no regular file", hint: "choose another name")
        }
    }

    /// Puts the text in the place of what the file held.
    ///
    /// The name in between does not end as the file's does: collectors read every `*.prom` of their folder. Nothing is
    /// synchronized to the disk: after a crash of the machine the values are stale anyway.
    /// - Throws: `SystemFailure`; the file then is as it was.
    public func replace(with text: String) throws(SystemFailure) {
        let temporary = "\(path).partial-\(getpid())"
        // What a killed process with the same number left behind.
        unlink(temporary)
        do {
            let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
            try file.setPermissions(0o644)
            try file.write(Array(text.utf8))
            try retryingInterrupted { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw Textfile.failure(path, error)
        }
    }

    private static func failure(_ path: String, _ error: Errno) -> SystemFailure {
        SystemFailure("cannot write \"\(path)\"", error, hint: Hint.forWriting(error))
    }
}
