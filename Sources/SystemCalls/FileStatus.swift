import Glibc

extension Folder {
    /// What there is to know of a file.
    public struct Status: Equatable, Sendable {
        /// Device and inode: the same for the same file, however it is called.
        public let identity: Identity
        /// S_IFMT's part and the permissions.
        public let mode: mode_t
        public let owner: uid_t
        public let links: Int
        /// Bytes.
        public let size: Int

        public var isFolder: Bool { mode & S_IFMT == S_IFDIR }
        public var isRegular: Bool { mode & S_IFMT == S_IFREG }
        public var isLink: Bool { mode & S_IFMT == S_IFLNK }

        public init(_ status: stat) {
            identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
            mode = status.st_mode
            owner = status.st_uid
            links = Int(status.st_nlink)
            size = Int(status.st_size)
        }

        /// Of what a path leads to.
        /// - Throws: stat's errno.
        public init(of path: String) throws(Errno) {
            var status = Glibc.stat()
            try retryingInterrupted { withSystemPath(path) { stat($0, &status) } }
            self.init(status)
        }

        /// Of what a path names; of a link itself.
        /// - Throws: lstat's errno.
        public init(ofLink path: String) throws(Errno) {
            var status = Glibc.stat()
            try retryingInterrupted { withSystemPath(path) { lstat($0, &status) } }
            self.init(status)
        }
    }

    /// Which file it is.
    public struct Identity: Equatable, Hashable, Sendable {
        let device: UInt64
        public let inode: UInt64
    }
}

extension FileDescriptor {
    /// What there is to know of the file.
    /// - Throws: fstat's errno.
    public func status() throws(Errno) -> Folder.Status {
        var status = stat()
        try retryingInterrupted { fstat(number, &status) }
        return Folder.Status(status)
    }

    /// Gives the file to a user.
    /// - Throws: fchown's errno.
    public func give(to user: uid_t, group: gid_t) throws(Errno) {
        try retryingInterrupted { fchown(number, user, group) }
    }

    /// Sets the permissions, whatever the umask left of them.
    /// - Throws: fchmod's errno.
    public func setPermissions(_ mode: mode_t) throws(Errno) { try retryingInterrupted { fchmod(number, mode) } }

    /// Where the link leads that was opened with O_PATH and O_NOFOLLOW.
    /// - Throws: readlinkat's errno.
    func linkTarget() throws(Errno) -> String { try linkText { readlinkat(number, "", $0, $1) } }

    /// Where the file is now, as the kernel says; nil where it does not say.
    public var currentPath: String? {
        do throws(Errno) { return try readLink("/proc/self/fd/\(number)") } catch { return nil }
    }
}

/// Where a link leads.
/// - Throws: readlink's errno.
public func readLink(_ path: String) throws(Errno) -> String {
    try linkText { buffer, count in withSystemPath(path) { readlink($0, buffer, count) } }
}

private func linkText(_ read: (UnsafeMutablePointer<CChar>, Int) -> Int) throws(Errno) -> String {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let room = target.count
    let count = try retryingInterrupted {
        target.withUnsafeMutableBufferPointer { buffer in
            // Never empty.
            buffer.baseAddress.map { read($0, room) } ?? 0
        }
    }
    return EscapedBytes.text(target.prefix(count).map { UInt8(bitPattern: $0) })
}
