import Glibc

/// Opens a file of the mount table, reads it to the end and closes it.
final class MountTableScan: Operation {
    private(set) var counts = OperationCounts()
    private let path: CPath
    private let buffer: UnsafeMutableRawBufferPointer
    private let isStopped: () -> Bool

    /// - Parameter isStopped: whether a scan is to be given up: one of a long table takes seconds where many read it.
    init(file: MountTableFile, bufferBytes: Int, isStopped: @escaping () -> Bool = { false }) {
        self.isStopped = isStopped
        path = CPath(file.path)
        buffer = .allocate(byteCount: bufferBytes, alignment: 64)
    }

    deinit { buffer.deallocate() }

    func perform() throws(WorkloadError) {
        try scan { _ in }
    }

    /// Reads the file once and counts its lines; mountinfo has one a mount.
    func countLines() throws(WorkloadError) -> Int {
        var lines = 0
        try scan { part in
            for byte in part where byte == UInt8(ascii: "\n") { lines += 1 }
        }
        return lines
    }

    @inline(__always)
    private func scan(_ visit: (UnsafeRawBufferPointer.SubSequence) -> Void) throws(WorkloadError) {
        let descriptor = Glibc.open(path.pointer, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        var length = 0
        repeat {
            length = read(descriptor, buffer.baseAddress, buffer.count)
            counts.readCalls += 1
            guard length >= 0 else {
                let error = failure("read")
                close(descriptor)
                throw error
            }
            counts.bytes += UInt64(length)
            visit(UnsafeRawBufferPointer(buffer).prefix(length))
        } while length > 0 && !isStopped()
        guard close(descriptor) == 0 else { throw failure("close") }
        // One that was given up is none.
        if length == 0 { counts.operations += 1 }
    }

    private func failure(_ call: String) -> WorkloadError {
        let hint = errno == ENOENT ? "mount a proc file system at /proc" : nil
        return WorkloadError(call: call, path: path.text, errorNumber: errno, hint: hint)
    }
}
