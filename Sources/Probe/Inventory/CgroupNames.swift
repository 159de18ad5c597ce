import Contention
import SystemCalls

/// What people call the cgroups of this host.
final class CgroupNames {
    private let containers: ContainerNames

    init(_ containers: ContainerNames = ContainerNames()) { self.containers = containers }

    /// - Parameter path: the bytes of a cgroup's path, as the kernel has them.
    /// - Returns: the path, escaped, and the container, pod or unit; nil for the root.
    func names(_ path: [UInt8]) -> (path: String, container: String?) {
        let owner = CgroupPath.owner(String(decoding: path, as: UTF8.self))
        let container = owner.text { self.containers.name($0) }
        return (EscapedBytes.text(path), container.map(EscapedBytes.visible))
    }

    /// The container, pod or unit of a process that is there; nil where that cannot be told.
    /// - Parameter root: stands before /proc; not empty only in tests.
    func container(ofProcess process: Int32, root: String = "") -> String? {
        do throws(Errno) {
            let file = try FileDescriptor.openRegular("\(root)/proc/\(process)/cgroup")
            guard let bytes = try file.readToEnd(atMost: 65_536),
                let path = CgroupPath.path(procFile: String(decoding: bytes, as: UTF8.self))
            else { return nil }
            return names(Array(path.utf8)).container
        } catch {
            return nil
        }
    }
}
