import CLinux
import Contention
import Glibc
import SystemCalls

/// One look at a mount namespace through a process in it.
struct NamespaceLook {
    let namespace: MountNamespace
    /// Empty where the kernel does not tell and the table was not read, or has less than the whole.
    let mounts: UInt64?
    /// How many of its mounts are in a peer group, by the group; nil where the table was not read, or has less than the whole.
    let peerGroups: [UInt64: Int]?

    /// Of a table that is read: about 50,000 mounts.
    static let mostBytes = 8 << 20

    /// - Parameters:
    ///   - inode: of the namespace that the process was in; where it is in another one by now, this is no look.
    ///   - readsTable: whether the table may be read, which holds namespace_sem a page at a time. It is read as well where the
    ///     kernel does not tell the number of mounts (before 6.12). The table of a process that is chrooted into a folder has
    ///     only what is mounted beneath that folder, so it is never read.
    /// - Returns: nil where the process is gone or may not be looked at.
    init?(process: Int32, inode: UInt64, readsTable: Bool, root: String) {
        var info = clinux_mount_namespace()
        do throws(Errno) {
            let link = try FileDescriptor.open("\(root)/proc/\(process)/ns/mnt", O_RDONLY)
            guard try link.status().identity.inode == inode else { return nil }
            if clinux_describe_namespace(link.number, &info) != 0 {
                info = clinux_mount_namespace()
                if clinux_namespace_number(link.number, &info.id) != 0 { info.id = 0 }
            }
        } catch {
            return nil
        }
        let isWanted = readsTable || info.mounts == 0
        let isWhole = isWanted && clinux_is_mount_root("\(root)/proc/\(process)/root") == 1
        let table = isWhole ? Self.table("\(root)/proc/\(process)/mountinfo") : nil
        namespace = MountNamespace(id: info.id == 0 ? nil : info.id, inode: inode)
        mounts = info.mounts > 0 ? UInt64(info.mounts) : table?.mounts
        peerGroups = table?.groups
    }

    private static func table(_ path: String) -> (mounts: UInt64, groups: [UInt64: Int])? {
        do throws(Errno) {
            guard let bytes = try FileDescriptor.open(path, O_RDONLY).readToEnd(atMost: mostBytes) else { return nil }
            return parse(bytes)
        } catch {
            return nil
        }
    }

    /// Mounts, and how many of them each peer group has: the optional field `shared:N`, before the hyphen.
    static func parse(_ mountinfo: [UInt8]) -> (mounts: UInt64, groups: [UInt64: Int]) {
        var mounts: UInt64 = 0
        var groups: [UInt64: Int] = [:]
        let shared = Array("shared:".utf8)
        for line in mountinfo.split(separator: UInt8(ascii: "\n")) {
            mounts += 1
            // Six fields come before the optional ones; a name has its spaces escaped.
            for field in line.split(separator: UInt8(ascii: " ")).dropFirst(6) {
                if field.elementsEqual([UInt8(ascii: "-")]) { break }
                guard field.starts(with: shared),
                    let group = UInt64(String(decoding: field.dropFirst(shared.count), as: UTF8.self))
                else { continue }
                groups[group, default: 0] += 1
            }
        }
        return (mounts, groups)
    }
}
