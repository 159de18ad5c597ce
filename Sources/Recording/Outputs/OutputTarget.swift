import Glibc
import SystemCalls

/// Where a path leads to in the end: a regular file, or one that is not there yet. Links on the way are followed here, so
/// that a rename never replaces one.
struct OutputTarget: Sendable, Equatable {
    /// The folder, with a slash at its end.
    let folder: String
    /// The name in it.
    let name: String

    var path: String { folder + name }

    /// As many as the kernel follows (include/linux/namei.h, MAXSYMLINKS).
    private static let maximumLinks = 40

    /// Looks where it leads to; changes nothing.
    /// - Throws: `SystemFailure` for what is no regular file, for a link of another user and for more links than the kernel
    ///   follows.
    init(of path: String) throws(SystemFailure) {
        var current = path
        for _ in 0...OutputTarget.maximumLinks {
            let status: Folder.Status
            do { status = try Folder.Status(ofLink: current) } catch {
                guard error.code == ENOENT, !current.hasSuffix("/") else { throw OutputTarget.failure(path, error) }
                self.init(splitting: current)
                return
            }
            if status.isRegular {
                self.init(splitting: current)
                return
            }
            guard status.isLink else { throw OutputTarget.notRegular(path) }
            current = try OutputTarget.follow(current, of: path, owner: status.owner)
        }
        throw OutputTarget.failure(path, Errno(ELOOP))
    }

    private init(splitting path: String) {
        guard let slash = path.lastIndex(of: "/") else {
            (folder, name) = ("./", path)
            return
        }
        (folder, name) = (String(path[...slash]), String(path[path.index(after: slash)...]))
    }

    /// Who plants a link where others can write must not choose what root writes.
    private static func follow(_ link: String, of path: String, owner: uid_t) throws(SystemFailure) -> String {
        let end: Folder.Status?
        do { end = try Folder.Status(of: link) } catch { end = nil }
        // What the kernel itself makes of a link in /proc is no path: a pipe, or a file that was deleted.
        guard end?.isRegular ?? true else { throw notRegular(path) }
        guard Invoker.trusted.contains(owner) else {
            throw SystemFailure(
                message: "cannot write \"\(path)\": \"\(link)\" is a link of another user",
                hint: "give the path that it leads to")
        }
        let text: String
        do { text = try readLink(link) } catch { throw failure(path, error) }
        return text.hasPrefix("/") ? text : OutputTarget(splitting: link).folder + text
    }

    private static func notRegular(_ path: String) -> SystemFailure {
        SystemFailure(
            message: "cannot write \"\(path)\": it is no regular file",
            hint: "choose another name, or - for standard output")
    }

    static func failure(_ path: String, _ error: Errno) -> SystemFailure {
        RunFolder.failure("cannot write \"\(path)\"", error)
    }
}
