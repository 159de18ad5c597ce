import CLinux
import Glibc

/// A folder that was opened once, and in which everything then happens: whoever renames or replaces it, or a folder above
/// it, changes nothing about where files go.
public final class Folder: Sendable {
    private let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Opens the folder at the end of a path, whose last name is no link.
    /// - Throws: open's errno: ELOOP or ENOTDIR for a link.
    public convenience init(_ path: String) throws(Errno) {
        self.init(try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
    }

    /// Opens a folder to work in, whose names may not be readable.
    convenience init(place path: String) throws(Errno) {
        self.init(try FileDescriptor.open(path, CLINUX_O_PATH | O_DIRECTORY))
    }

    /// Of the folder itself.
    /// - Throws: fstat's errno.
    public func status() throws(Errno) -> Status { try descriptor.status() }

    /// Of a name in the folder; of a link itself. nil where there is no such name.
    /// - Throws: fstatat's errno.
    public func status(of name: String) throws(Errno) -> Status? {
        var status = stat()
        do {
            try retryingInterrupted {
                withSystemPath(name) { fstatat(descriptor.number, $0, &status, AT_SYMLINK_NOFOLLOW) }
            }
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return Status(status)
    }

    /// A folder in this one, which is no link.
    /// - Throws: openat's errno.
    public func folder(_ name: String) throws(Errno) -> Folder {
        Folder(try open(name, O_RDONLY | O_DIRECTORY))
    }

    /// Opens a file in the folder, which is no link. A pipe is opened without waiting for its other end.
    /// - Throws: openat's errno.
    public func open(_ name: String, _ flags: Int32, mode: mode_t = 0o600) throws(Errno) -> FileDescriptor {
        FileDescriptor(
            owning: try retryingInterrupted {
                withSystemPath(name) {
                    clinux_open_at(descriptor.number, $0, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode)
                }
            })
    }

    /// Makes a file that was not there.
    /// - Throws: openat's errno, EEXIST for a name that is taken, by a link too.
    public func create(_ name: String, mode: mode_t) throws(Errno) -> FileDescriptor {
        try open(name, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    }

    /// Makes a folder that was not there, and opens it.
    /// - Throws: mkdirat's errno; ESTALE where somebody put another one in its place meanwhile.
    public func makeFolder(_ name: String, mode: mode_t) throws(Errno) -> Folder {
        try retryingInterrupted { withSystemPath(name) { mkdirat(descriptor.number, $0, mode) } }
        let made = try folder(name)
        let status = try made.status()
        guard status.owner == geteuid(), status.mode & 0o077 & ~mode == 0, try made.isEmpty() else {
            throw Errno(ESTALE)
        }
        return made
    }

    /// - Throws: unlinkat's errno.
    public func removeFile(_ name: String) throws(Errno) {
        try retryingInterrupted { withSystemPath(name) { unlinkat(descriptor.number, $0, 0) } }
    }

    /// - Throws: unlinkat's errno.
    public func removeFolder(_ name: String) throws(Errno) {
        try retryingInterrupted { withSystemPath(name) { unlinkat(descriptor.number, $0, AT_REMOVEDIR) } }
    }

    /// Renames a file in the folder, in the place of what has the other name.
    /// - Throws: renameat's errno.
    public func rename(_ name: String, to other: String) throws(Errno) {
        try move(name, to: self, as: other)
    }

    /// Moves a file to another folder, in the place of what has the name there.
    /// - Throws: renameat's errno.
    public func move(_ name: String, to folder: Folder, as other: String) throws(Errno) {
        try retryingInterrupted {
            withSystemPath(name) { from in
                withSystemPath(other) { renameat(descriptor.number, from, folder.descriptor.number, $0) }
            }
        }
    }

    /// Renames within the folder to a name that is free.
    /// - Throws: renameat2's errno, EEXIST for a name that is taken.
    public func renameToNew(_ name: String, _ other: String) throws(Errno) {
        do {
            try retryingInterrupted {
                withSystemPath(name) { from in
                    withSystemPath(other) { clinux_rename_to_new(descriptor.number, from, $0) }
                }
            }
        } catch {
            // A file system that cannot promise it: then a folder still never takes the place of anything but an empty one.
            guard error.code == EINVAL || error.code == ENOSYS else { throw error }
            guard try status(of: other) == nil else { throw Errno(EEXIST) }
            try rename(name, to: other)
        }
    }

    /// Gives the folder itself to a user.
    /// - Throws: fchown's errno.
    public func give(to user: uid_t, group: gid_t) throws(Errno) { try descriptor.give(to: user, group: group) }

    /// Where the folder is now, as the kernel says; nil where it does not say.
    public var currentPath: String? { descriptor.currentPath }

    private func isEmpty() throws(Errno) -> Bool {
        // A descriptor of its own: closedir closes it.
        let copy = try retryingInterrupted {
            clinux_open_at(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        guard let stream = fdopendir(copy) else {
            let error = Errno.current
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        var names = 0
        while readdir(stream) != nil { names += 1 }
        return names <= 2
    }
}

extension Folder {
    /// The names in the folder but `.` and `..`, in no order.
    /// - Parameter limit: how many at most; the rest is left out.
    /// - Throws: openat's errno.
    public func names(atMost limit: Int) throws(Errno) -> [String] {
        // A descriptor of its own: closedir closes it.
        let copy = try retryingInterrupted {
            clinux_open_at(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        guard let stream = fdopendir(copy), let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            let error = Errno.current
            close(copy)
            throw error
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            // Not through `pointee`: an entry is shorter than the struct when its name is.
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
            let length = start.withMemoryRebound(to: CChar.self, capacity: 1) { strlen($0) }
            let name = EscapedBytes.text(Array(UnsafeBufferPointer(start: start, count: length)))
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
