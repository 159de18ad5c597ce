import Glibc
import SystemCalls

/// A file that is replaced as a whole, so that its readers see an old or a new state and never half of one.
public struct Textfile: Sendable, Equatable {
    /// As given.
    public let path: String
    /// Where the path leads to.
    let target: OutputTarget
    /// Whether everybody may read it, whatever the umask says: its readers run as other users.
    private let isForEverybody: Bool

    /// Looks whether the file can be made; changes nothing.
    /// - Parameter isForEverybody: whether its mode is 0644 whatever the umask.
    /// - Throws: `SystemFailure`.
    public init(path: String, isForEverybody: Bool = false) throws(SystemFailure) {
        self.path = path
        self.isForEverybody = isForEverybody
        let target = try OutputTarget(of: path)
        self.target = target
        do { try retryingInterrupted { access(target.folder, W_OK | X_OK) } } catch {
            throw OutputTarget.failure(path, error)
        }
    }

    /// Puts the text in the place of what the file held.
    ///
    /// The name in between does not end as the file's does: collectors read every `*.prom` of their folder. Nothing is
    /// synchronized to the disk: after a crash of the machine the values are stale anyway.
    /// - Throws: `SystemFailure`; the file then is as it was.
    public func replace(with text: String) throws(SystemFailure) {
        do throws(Errno) { try put(text, into: try FileDescriptor.open(target.folder, O_RDONLY | O_DIRECTORY)) } catch {
            throw OutputTarget.failure(path, error)
        }
    }

    private func put(_ text: String, into folder: FileDescriptor) throws(Errno) {
        let temporary = "\(target.name).partial-\(getpid())"
        // What a killed process with the same number left behind.
        unlinkat(folder.number, temporary, 0)
        do throws(Errno) {
            let file = FileDescriptor(
                owning: try retryingInterrupted {
                    openat(folder.number, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
                })
            if isForEverybody { try retryingInterrupted { fchmod(file.number, 0o644) } }
            try file.write(Array(text.utf8))
            try retryingInterrupted { renameat(folder.number, temporary, folder.number, target.name) }
        } catch {
            unlinkat(folder.number, temporary, 0)
            throw error
        }
    }
}
