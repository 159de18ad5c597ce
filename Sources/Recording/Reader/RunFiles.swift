import Glibc
import SystemCalls

/// A file of rows, and how much of it counts.
struct RunFile: Sendable, Equatable {
    let path: String
    /// Bytes from its start that are rows of whole intervals.
    var length: Int
    let size: Int
    /// Of the whole file; nil where none was written.
    let crc32: String?

    /// Holds what was read against the checksum in run.json.
    /// - Parameter checksum: nil where the file could not be begun.
    /// - Throws: `RunReadError` where bytes were changed after the run ended.
    func verify(_ checksum: CRC32?) throws(RunReadError) {
        if let crc32, checksum?.text != crc32 { throw RunReadError.damaged(path) }
    }
}

/// Finds the files of a run: `intervals.csv`, and where the run was rotated `intervals-2.csv` and so on.
enum RunFiles {
    /// More than a day has seconds: files are not rotated more often.
    static let maximumParts = 100_000

    /// - Parameter name: of the first file, `intervals.csv`.
    /// - Throws: `RunReadError` for a file that is missing or not as long as run.json says.
    static func find(_ name: String, of run: RecordedRun) throws(RunReadError) -> [RunFile] {
        let listed = Dictionary((run.listedFiles ?? []).map { ($0.name, $0) }) { first, _ in first }
        var files: [RunFile] = []
        while true {
            let current = RunFolder.name(name, part: files.count + 1)
            let path = "\(run.path)/\(current)"
            let size = try size(path)
            let entry = listed[current]
            guard let size else {
                if entry != nil || files.isEmpty { throw RunReadError(path: path, reason: "the file is missing") }
                return files
            }
            if let entry, entry.bytes != size {
                throw RunReadError(path: path, reason: "\(size) bytes, run.json says \(entry.bytes)")
            }
            if entry == nil, run.end != nil, run.listedFiles != nil {
                throw RunReadError(path: path, reason: "run.json does not know the file")
            }
            guard files.count < maximumParts else {
                throw RunReadError(path: run.path, reason: "more than \(maximumParts) files of one kind")
            }
            files.append(RunFile(path: path, length: size, size: size, crc32: entry?.crc32))
        }
    }

    /// Bytes; nil where there is no such file.
    private static func size(_ path: String) throws(RunReadError) -> Int? {
        var status = stat()
        do { try retryingInterrupted { withSystemPath(path) { stat($0, &status) } } } catch {
            if error.code == ENOENT { return nil }
            throw RunReadError(path: path, error)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw RunReadError(path: path, reason: "is no regular file") }
        return Int(status.st_size)
    }
}
