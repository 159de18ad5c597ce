import CWorkload
import Glibc

/// A path as a C string made once, so that hot loops neither convert nor allocate.
final class CPath {
    let text: String
    let pointer: UnsafePointer<CChar>
    private let storage: UnsafeMutableBufferPointer<CChar>

    init(_ text: String) {
        let bytes = text.utf8CString
        let storage = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count + 1)
        storage.initialize(repeating: 0)
        for (index, byte) in bytes.enumerated() { storage[index] = byte }
        guard let start = storage.baseAddress else { preconditionFailure("an allocation has an address") }
        self.text = text
        self.storage = storage
        self.pointer = UnsafePointer(start)
    }

    deinit { storage.deallocate() }
}

/// The calls of set-up; each throws the call, the path and the errno when it fails.
enum SystemCalls {
    static func mount(
        _ call: String, source: String, target: String, type: String? = nil, flags: Int, options: String? = nil
    ) throws(WorkloadError) {
        let result = withOptionalCString(options) { Glibc.mount(source, target, type, UInt(flags), $0) }
        guard result == 0 else { throw WorkloadError(call: call, path: target, errorNumber: errno) }
    }

    static func makeDirectory(_ path: String) throws(WorkloadError) {
        guard mkdir(path, 0o700) == 0 else { throw WorkloadError(call: "mkdir", path: path, errorNumber: errno) }
    }

    static func makeFile(_ path: String) throws(WorkloadError) {
        let descriptor = Glibc.open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw WorkloadError(call: "open", path: path, errorNumber: errno) }
        close(descriptor)
    }

    static func changeDirectory(_ path: String) throws(WorkloadError) {
        guard chdir(path) == 0 else { throw WorkloadError(call: "chdir", path: path, errorNumber: errno) }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Nanoseconds of CLOCK_MONOTONIC.
    static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}
