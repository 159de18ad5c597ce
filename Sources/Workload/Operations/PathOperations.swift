import Glibc

/// stat() of a path.
final class StatOperation: Operation {
    private(set) var counts = OperationCounts()
    private let path: CPath
    private var status = stat()

    init(path: String) {
        self.path = CPath(path)
    }

    func perform() throws(WorkloadError) {
        guard stat(path.pointer, &status) == 0 else {
            throw WorkloadError(call: "stat", path: path.text, errorNumber: errno)
        }
        counts.operations += 1
    }
}

/// open(O_RDONLY) and close() of a file.
final class OpenOperation: Operation {
    private(set) var counts = OperationCounts()
    private let path: CPath

    init(path: String) {
        self.path = CPath(path)
    }

    func perform() throws(WorkloadError) {
        let descriptor = Glibc.open(path.pointer, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WorkloadError(call: "open", path: path.text, errorNumber: errno) }
        guard close(descriptor) == 0 else { throw WorkloadError(call: "close", path: path.text, errorNumber: errno) }
        counts.operations += 1
    }
}

/// getcwd() in a directory below nested mounts; needs a thread with a working directory of its own.
final class GetcwdOperation: Operation {
    private(set) var counts = OperationCounts()
    private let directory: String
    private let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(PATH_MAX))

    init(directory: String) throws(WorkloadError) {
        self.directory = directory
        try SystemCalls.changeDirectory(directory)
    }

    deinit { buffer.deallocate() }

    func perform() throws(WorkloadError) {
        guard getcwd(buffer.baseAddress, buffer.count) != nil else {
            throw WorkloadError(call: "getcwd", path: directory, errorNumber: errno)
        }
        counts.operations += 1
    }
}
