import Glibc

/// Files of /proc and /sys, read without knowing their size.
enum SystemFile {
    /// The file's bytes, chunk by chunk, as the kernel gives them. Returns 0, or the errno.
    static func forEachChunk(of path: String, size: Int = 1 << 16, _ body: (UnsafeRawBufferPointer) -> Void) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
            while true {
                let got = read(descriptor, buffer.baseAddress, buffer.count)
                if got > 0 {
                    body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
                } else if got == 0 {
                    return 0
                } else if errno != EINTR {
                    return errno
                }
            }
        }
    }

    /// The whole file as text; nil when it cannot be read.
    static func text(of path: String) -> String? {
        var bytes: [UInt8] = []
        guard forEachChunk(of: path, { bytes.append(contentsOf: $0) }) == 0 else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
