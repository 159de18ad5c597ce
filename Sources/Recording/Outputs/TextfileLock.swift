import Glibc
import SystemCalls

/// Keeps a textfile to one recorder: a locked file beside it, which goes with its holder, however that ends.
///
/// The textfile itself cannot be the one: it is replaced after every interval.
public final class TextfileLock {
    private let folder: Folder
    private let file: FileDescriptor
    private let name: String

    /// Where another process takes the file away meanwhile.
    private static let attempts = 8

    /// - Throws: `SystemFailure` when another recorder has the file, or the lock cannot be had.
    public init(_ textfile: Textfile) throws(SystemFailure) {
        name = ".\(textfile.target.name).lock"
        do {
            folder = try TrustedPath.folder(textfile.target.folder, trusting: Invoker.trusted)
            for _ in 0..<TextfileLock.attempts {
                let file = try folder.open(name, O_RDWR | O_CREAT)
                try TextfileLock.check(file, textfile.target.folder + name)
                guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
                    if errno == EWOULDBLOCK { throw TextfileLock.taken(textfile, by: TextfileLock.holder(file)) }
                    throw Errno.current
                }
                guard try folder.status(of: name)?.identity == file.status().identity else { continue }
                try file.truncate(to: 0)
                try file.write(Array("\(getpid())\n".utf8))
                self.file = file
                return
            }
            throw TextfileLock.taken(textfile, by: nil)
        } catch let error as SystemFailure {
            throw error
        } catch let error as Errno {
            throw SystemFailure(
                "cannot lock \"\(textfile.path)\" by \"\(textfile.target.folder)\(name)\"", error,
                hint: Hint.forWriting(error))
        } catch {
            throw SystemFailure(message: "cannot lock \"\(textfile.path)\": \(error)")
        }
    }

    deinit {
        do { try folder.removeFile(name) } catch {
            // The lock goes with the descriptor all the same.
        }
    }

    /// What is written to must be a file of our own that has no other name.
    private static func check(_ file: FileDescriptor, _ path: String) throws {
        let status = try file.status()
        guard status.isRegular, status.links <= 1, status.owner == geteuid() || status.owner == 0 else {
            throw SystemFailure(
                message: "cannot lock \"\(path)\": it is not a file of this user's own", hint: "remove it")
        }
    }

    /// The process that it says it is locked by; nil where it says nothing that is a number.
    private static func holder(_ file: FileDescriptor) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file.number, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    private static func taken(_ textfile: Textfile, by holder: Int?) -> SystemFailure {
        let who = holder.map { "process \($0)" } ?? "another process"
        return SystemFailure(
            message: "\"\(textfile.path)\" is kept by another recorder: \(who)",
            hint: "choose another file, or end that recorder")
    }
}
