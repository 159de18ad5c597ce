/// Who lives in a cgroup, as far as its path says.
public enum CgroupOwner: Sendable, Hashable {
    case container(ContainerReference)
    /// What a runtime runs beside a container: conmon, a monitor. It is not the container's.
    case helper(ContainerReference)
    /// A machine of systemd-nspawn or libvirt.
    case machine(String)
    /// A unit of systemd; `user`: of that user's manager.
    case unit(String, user: UInt32?)
    /// A login.
    case session(String, user: UInt32?)
    /// A slice without a unit.
    case slice(String)
    /// A group that is none of these: the path does not tell a container from a plain group.
    case group(String)
    /// The root of the hierarchy.
    case root

    /// What people call it; nil for the root.
    /// - Parameter names: what the runtimes call their containers.
    public func text(_ names: (ContainerReference) -> ContainerName? = { _ in nil }) -> String? {
        switch self {
        case .container(let reference): reference.text(names(reference))
        case .helper(let reference): "\(reference.text(names(reference))) (runtime)"
        case .machine(let name): "machine:\(name)"
        case .unit(let name, let user): user.map { "\(name) (uid \($0))" } ?? name
        case .session(let name, let user): "session \(name)" + (user.map { " (uid \($0))" } ?? "")
        case .slice(let name): name
        case .group(let path): path
        case .root: nil
        }
    }
}

/// A container as a cgroup's path names it.
public struct ContainerReference: Sendable, Hashable {
    public enum Runtime: String, Sendable, CaseIterable {
        case docker, podman, containerd, crio, lxc
        /// runc, crun or another one: the path does not say who called it.
        case oci
    }

    public let runtime: Runtime
    /// 64 hexadecimal digits, or the name that the caller chose.
    public let id: String
    /// The unique name of its Kubernetes pod, with `-`; nil where it has none.
    public let pod: String?
    /// Whose, of rootless containers; nil for root's.
    public let user: UInt32?

    public init(_ runtime: Runtime, _ id: String, pod: String? = nil, user: UInt32? = nil) {
        self.runtime = runtime
        self.id = id
        self.pod = pod
        self.user = user
    }

    /// As people see it: twelve digits of a long one, as the runtimes show them.
    public var shortID: String { CgroupPath.isLongID(id) ? String(id.prefix(12)) : id }

    /// - Parameter name: nil where the runtime's name is not known.
    func text(_ name: ContainerName?) -> String {
        let owner = user.map { " (uid \($0))" } ?? ""
        if let pod {
            let place = name?.pod ?? pod
            return id.isEmpty ? "pod:\(place)\(owner)" : "pod:\(place)/\(name?.container ?? shortID)\(owner)"
        }
        return "\(runtime.rawValue):\(name?.container ?? shortID)\(owner)"
    }
}

/// What a runtime calls a container.
public struct ContainerName: Sendable, Hashable {
    /// `namespace/pod` of Kubernetes; nil without one, or where it is not known.
    public var pod: String?
    /// nil where it is not known.
    public var container: String?

    public init(pod: String? = nil, container: String? = nil) {
        self.pod = pod
        self.container = container
    }
}
