import CLinux
import Glibc

/// Follows a path as the kernel does, but through no link of a stranger: it would lead where the stranger wants.
public enum TrustedPath {
    /// As many links as the kernel follows.
    private static let maximumLinks = 40

    /// Opens the folder at the end of a path, to work in; its names may not be readable.
    /// - Parameter owners: whose links are followed.
    /// - Throws: the errno of the step that failed; EXDEV for the link of somebody else.
    public static func folder(_ path: String, trusting owners: Set<uid_t>) throws(Errno) -> Folder {
        var current = try Folder(place: path.hasPrefix("/") ? "/" : ".")
        var rest: [Substring] = path.split(separator: "/").reversed()
        var links = 0
        while let name = rest.popLast() {
            if name == "." { continue }
            let next = try current.open(String(name), CLINUX_O_PATH)
            let status = try next.status()
            guard status.isLink else {
                guard status.isFolder else { throw Errno(ENOTDIR) }
                current = Folder(next)
                continue
            }
            guard owners.contains(status.owner) else { throw Errno(EXDEV) }
            links += 1
            guard links <= maximumLinks else { throw Errno(ELOOP) }
            let target = try next.linkTarget()
            if target.hasPrefix("/") { current = try Folder(place: "/") }
            rest += target.split(separator: "/").reversed()
        }
        return current
    }
}
