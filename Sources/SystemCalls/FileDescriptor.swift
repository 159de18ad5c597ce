import Glibc

/// An open file, closed when its last owner lets go of it.
public final class FileDescriptor: Sendable {
    /// As system calls take it; valid as long as this object lives.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Opens a file with open(2)'s flags, closed on exec.
    /// - Throws: open's errno.
    public static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(Errno) -> FileDescriptor {
        FileDescriptor(
            owning: try retryingInterrupted { withSystemPath(path) { Glibc.open($0, flags | O_CLOEXEC, mode) } })
    }

    /// Writes every byte, however many calls that takes.
    /// - Throws: write's errno; some of the bytes may have been written.
    public func write(_ bytes: [UInt8]) throws(Errno) { try write(bytes[...]) }

    /// Writes every byte, however many calls that takes.
    /// - Throws: write's errno; some of the bytes may have been written.
    public func write(_ bytes: ArraySlice<UInt8>) throws(Errno) { try writeAll(bytes, to: number) }

    /// Waits until everything written is on the disk.
    /// - Throws: fsync's errno.
    public func synchronize() throws(Errno) { try retryingInterrupted { fsync(number) } }

    /// Cuts the file to a length in bytes.
    /// - Throws: ftruncate's errno.
    public func truncate(to length: Int) throws(Errno) { try retryingInterrupted { ftruncate(number, off_t(length)) } }

    /// Reads to the end of the file. Works for /proc, whose files say that they are empty.
    /// - Throws: read's errno.
    public func readToEnd() throws(Errno) -> [UInt8] {
        var content: [UInt8] = []
        try forEachChunk { content.append(contentsOf: $0) }
        return content
    }

    /// Opens a file to read what a stranger may have made: a regular one or nothing, without waiting for a pipe's writer.
    /// - Throws: open's errno; EINVAL for what is no regular file.
    public static func openRegular(_ path: String) throws(Errno) -> FileDescriptor {
        let file = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard try file.status().isRegular else { throw Errno(EINVAL) }
        return file
    }

    /// Reads to the end of the file, or one byte more than a limit.
    /// - Returns: nil for more than `limit` bytes.
    /// - Throws: read's errno.
    public func readToEnd(atMost limit: Int) throws(Errno) -> [UInt8]? {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while content.count <= limit {
            let count = try retryingInterrupted {
                chunk.withUnsafeMutableBytes { read(number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return content }
            content.append(contentsOf: chunk[..<count])
        }
        return nil
    }

    /// Hands over everything up to the end of the file, as much at a time as a read gives.
    /// - Throws: read's errno.
    public func forEachChunk(_ body: (UnsafeRawBufferPointer) -> Void) throws(Errno) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try retryingInterrupted {
                chunk.withUnsafeMutableBytes { read(number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return }
            chunk.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}

/// Writes every byte to a descriptor that somebody else owns, such as standard output.
/// - Throws: write's errno; some of the bytes may have been written.
public func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty {
        let count = try retryingInterrupted { rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
        rest = rest.dropFirst(count)
    }
}

/// The whole content of a file.
/// - Throws: the errno of open or read.
public func readFile(_ path: String) throws(Errno) -> [UInt8] {
    try FileDescriptor.open(path, O_RDONLY).readToEnd()
}

/// The whole content of a file as text; bytes that are no UTF-8 are replaced.
/// - Throws: the errno of open or read.
public func readText(_ path: String) throws(Errno) -> String {
    String(decoding: try readFile(path), as: UTF8.self)
}
