import Contention
import SystemCalls

/// What people call the cgroups of this host.
final class CgroupLabels {
    private let containers: ContainerNames

    init(_ containers: ContainerNames = ContainerNames()) { self.containers = containers }

    /// The container, pod or unit; nil for the root.
    /// - Parameter path: of a cgroup, escaped.
    func container(ofCgroup path: String) -> String? {
        let raw = String(decoding: EscapedBytes.bytes(path), as: UTF8.self)
        return CgroupPath.owner(raw).text { self.containers.name($0) }.map(EscapedBytes.visible)
    }

    /// The container, pod or unit of a process that is there; nil where that cannot be told.
    /// - Parameter root: stands before /proc; not empty only in tests.
    func container(ofProcess process: Int32, root: String = "") -> String? {
        do throws(Errno) {
            let file = try FileDescriptor.openRegular("\(root)/proc/\(process)/cgroup")
            guard let bytes = try file.readToEnd(atMost: 65_536),
                let path = CgroupPath.path(procFile: String(decoding: bytes, as: UTF8.self))
            else { return nil }
            return container(ofCgroup: EscapedBytes.text(Array(path.utf8)))
        } catch {
            return nil
        }
    }
}
