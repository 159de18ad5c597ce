import Glibc
import SystemCalls

/// A file of rows that a killed writer leaves whole.
///
/// The kernel can break off one write(2) of a process that is being killed, but only between two pages. So every
/// write ends with a row, and none crosses a page boundary of the file except those of single rows that lie on one.
/// Only such a row can be left torn, by a SIGKILL in the microsecond it is written; readers ignore what follows the
/// last LF.
final class RowFile {
    private let file: FileDescriptor
    private let path: String
    private let name: String
    /// The file's length in bytes: all of it whole rows.
    private(set) var length = 0
    /// Of all of it.
    private(set) var checksum = CRC32()

    /// Creates the file with its header row.
    /// - Parameter path: what errors name: where the file is going to be.
    /// - Throws: `SystemFailure`.
    init(creating name: String, in folder: Folder, shownAs path: String, header: CSVRows) throws(SystemFailure) {
        self.path = path
        self.name = name
        do {
            file = try folder.create(name, mode: 0o600)
        } catch {
            throw SystemFailure("cannot create \"\(path)\"", error, hint: Hint.forWriting(error))
        }
        try append(header)
    }

    /// Writes the rows, all of them or, up to the row that failed, none of what follows.
    /// - Throws: `SystemFailure`; the file then still ends with a whole row.
    func append(_ rows: CSVRows) throws(SystemFailure) {
        var start = 0
        for end in RowFile.chunkEnds(rowEnds: rows.rowEnds, offset: length) {
            do {
                try file.write(rows.bytes[start..<end])
            } catch {
                cutTornRow()
                throw SystemFailure("cannot write to \"\(path)\"", error, hint: Hint.forWriting(error))
            }
            checksum.update(rows.bytes[start..<end])
            length += end - start
            start = end
        }
    }

    /// The file as run.json lists it.
    var description: RecordedFile { RecordedFile(name: name, bytes: length, crc32: checksum.text) }

    /// Waits until the rows are on the disk.
    /// - Throws: `SystemFailure`.
    func synchronize() throws(SystemFailure) {
        do { try file.synchronize() } catch { throw SystemFailure("cannot write to \"\(path)\"", error) }
    }

    /// Where each write ends: behind the last row that fits the page, or behind a row that crosses into the next.
    static func chunkEnds(rowEnds: [Int], offset: Int, pageSize: Int = 4096) -> [Int] {
        var ends: [Int] = []
        var start = 0
        var fitting = 0
        func crosses(to end: Int) -> Bool { (offset + start) / pageSize != (offset + end - 1) / pageSize }
        for end in rowEnds {
            if crosses(to: end) {
                if fitting > start {
                    ends.append(fitting)
                    start = fitting
                }
                if crosses(to: end) {
                    ends.append(end)
                    start = end
                }
            }
            fitting = end
        }
        if fitting > start { ends.append(fitting) }
        return ends
    }

    private func cutTornRow() {
        do { try file.truncate(to: length) } catch {
            // Reading stops at the last LF anyway; the error that matters is on its way.
        }
    }
}

/// Advice for errors of the file system.
enum Hint {
    static func forWriting(_ error: Errno) -> String {
        switch error.code {
        case ENOENT: "create the folder above it first"
        case EACCES, EPERM: "choose a folder you may write to"
        case EROFS: "choose a folder on a file system that is not read-only"
        case ENOSPC, EDQUOT: "free some space, or record to another file system"
        case ENOTDIR: "a part of the path is a file"
        case ENAMETOOLONG: "choose a shorter name"
        default: ""
        }
    }
}
