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
        do throws(Errno) {
            _ = try TrustedPath.folder(target.folder, trusting: Invoker.trusted)
            try retryingInterrupted { withSystemPath(target.folder) { access($0, W_OK | X_OK) } }
        } catch {
            throw OutputTarget.failure(path, error)
        }
    }

    public static func == (left: Textfile, right: Textfile) -> Bool {
        left.target == right.target && left.isForEverybody == right.isForEverybody
    }

    /// Puts the text in the place of what the file held.
    ///
    /// The name in between does not end as the file's does: collectors read every `*.prom` of their folder. Nothing is
    /// synchronized to the disk: after a crash of the machine the values are stale anyway.
    /// - Throws: `SystemFailure`; the file then is as it was.
    public func replace(with text: String) throws(SystemFailure) {
        let temporary = "\(target.name).partial-\(getpid())"
        do throws(Errno) {
            // Anew each time, because it may have been made again; never through a stranger's link.
            let folder = try TrustedPath.folder(target.folder, trusting: Invoker.trusted)
            do throws(Errno) { try folder.removeFile(temporary) } catch {
                // Left behind by a killed process with the same number; usually there is none.
                if error.code != ENOENT { throw error }
            }
            let file = try folder.create(temporary, mode: 0o644)
            if isForEverybody { try file.setPermissions(0o644) }
            try put(text, file, temporary, in: folder)
        } catch {
            throw OutputTarget.failure(path, error)
        }
    }

    private func put(
        _ text: String, _ file: FileDescriptor, _ temporary: String, in folder: Folder
    ) throws(Errno) {
        do throws(Errno) {
            try file.write(Array(text.utf8))
            try folder.rename(temporary, to: target.name)
        } catch {
            do throws(Errno) { try folder.removeFile(temporary) } catch {
                // What failed first is what the user is told.
            }
            throw error
        }
    }
}
