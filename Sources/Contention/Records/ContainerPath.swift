/// The names that container runtimes give to cgroups.
enum ContainerPath {
    /// Scopes and groups that hold a container: what stands before its identifier.
    private static let prefixes: [(prefix: String, runtime: ContainerReference.Runtime)] = [
        ("cri-containerd-", .containerd), ("nerdctl-", .containerd), ("ctr-", .containerd), ("crio-", .crio),
        ("docker-", .docker), ("libpod-payload-", .podman), ("libpod-", .podman), ("runc-", .oci), ("crun-", .oci),
    ]
    /// What stands before the identifier where a runtime watches over a container.
    private static let helpers: [(prefix: String, runtime: ContainerReference.Runtime)] = [
        ("crio-conmon-", .crio), ("libpod-conmon-", .podman),
    ]
    /// containerd's namespaces whose containers are in a group named so at the root.
    private static let containerdNamespaces: Set<String> = ["default", "k8s.io"]

    /// Whether a part of the path is a container or a helper of one.
    static func owner(_ parts: [String], at index: Int, user: UInt32?) -> CgroupOwner? {
        let part = parts[index]
        let pod = parts[..<index].lazy.reversed().compactMap(podOf).first
        for (prefix, runtime) in helpers {
            if let id = identifier(part, prefix), CgroupPath.isLongID(id) {
                return .helper(ContainerReference(runtime, id, pod: pod, user: user))
            }
        }
        for (prefix, runtime) in prefixes {
            guard let id = identifier(part, prefix), isPlausible(id, runtime, part) else { continue }
            return .container(ContainerReference(runtime, unescaped(id), pod: pod, user: user))
        }
        if let owner = lxc(parts, at: index, user: user) ?? machine(parts, at: index) { return owner }
        if let pod = podOf(part) { return .container(ContainerReference(.oci, "", pod: pod, user: user)) }
        return plain(parts, at: index, pod: pod, user: user)
    }

    private static func identifier(_ part: String, _ prefix: String) -> String? {
        part.between(prefix, ".scope") ?? part.between(prefix)
    }

    /// Names that a caller chose are believed in a scope only: anybody may call a group or a unit docker-something.
    private static func isPlausible(_ id: String, _ runtime: ContainerReference.Runtime, _ part: String) -> Bool {
        if CgroupPath.isLongID(id) { return true }
        guard part.hasSuffix(".scope") else { return false }
        return runtime == .oci || part.hasPrefix("ctr-") || part.hasPrefix("nerdctl-")
    }

    /// A group that is an identifier and nothing else, or that containerd's client made at the root.
    private static func plain(_ parts: [String], at index: Int, pod: String?, user: UInt32?) -> CgroupOwner? {
        let part = parts[index]
        if CgroupPath.isLongID(part) {
            let parent = index > 0 ? parts[index - 1] : ""
            let runtime: ContainerReference.Runtime =
                parent == "docker" ? .docker : containerdNamespaces.contains(parent) ? .containerd : .oci
            return .container(ContainerReference(runtime, part, pod: pod, user: user))
        }
        guard index == 1, containerdNamespaces.contains(parts[0]) else { return nil }
        return .container(ContainerReference(.containerd, part, user: user))
    }

    private static func lxc(_ parts: [String], at index: Int, user: UInt32?) -> CgroupOwner? {
        let part = parts[index]
        if let name = part.between("lxc.payload.") { return .container(ContainerReference(.lxc, name, user: user)) }
        if let name = part.between("lxc.monitor.") { return .helper(ContainerReference(.lxc, name, user: user)) }
        guard index > 0, parts[index - 1] == "lxc" || parts[index - 1] == "lxc.payload" else { return nil }
        return .container(ContainerReference(.lxc, part, user: user))
    }

    /// systemd-nspawn puts what is inside into `payload` and itself into `supervisor`.
    private static func machine(_ parts: [String], at index: Int) -> CgroupOwner? {
        let part = parts[index]
        if let name = part.between("machine-", ".scope") { return .machine(unescaped(name)) }
        guard part == "payload", index > 0, let unit = parts[index - 1].between("", ".service") else { return nil }
        return .machine(unescaped(unit.between("systemd-nspawn@") ?? unit))
    }

    /// The unique name of a pod that a part of the path stands for: `pod3f2a91c0-...` or
    /// `kubepods-burstable-pod3f2a91c0_....slice`. A pod of the kubelet's own files has 32 digits instead.
    private static func podOf(_ part: String) -> String? {
        var name = part[...]
        if name.hasSuffix(".slice") {
            guard name.contains("kubepods"), let start = name.range(of: "-pod") else { return nil }
            name = name[start.upperBound...].dropLast(6)
        } else {
            guard name.hasPrefix("pod") else { return nil }
            name = name.dropFirst(3)
        }
        let unique = String(name.map { $0 == "_" ? "-" : $0 })
        let groups = unique.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ $0.utf8.allSatisfy(CgroupPath.isHexadecimal) }),
            groups.map(\.utf8.count) == [8, 4, 4, 4, 12] || groups.map(\.utf8.count) == [32]
        else { return nil }
        return unique
    }

    /// systemd writes a byte of a name that has a meaning in it as `\x2d`.
    static func unescaped(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "\\")) else { return name }
        let bytes = Array(name.utf8)
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), index + 3 < bytes.count, bytes[index + 1] == UInt8(ascii: "x"),
                let byte = UInt8(String(decoding: bytes[(index + 2)...(index + 3)], as: UTF8.self), radix: 16)
            {
                plain.append(byte)
                index += 4
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}

extension StringProtocol {
    /// Where a text begins for the last time.
    fileprivate func range(of text: String) -> Range<Index>? {
        var found: Range<Index>?
        for start in indices where self[start...].hasPrefix(text) { found = start..<index(start, offsetBy: text.count) }
        return found
    }
}
