import Contention
import JSON
import SystemCalls

/// What the runtimes call their containers, by their own files; each file is asked when an unknown container is met, and not
/// more often than every ten seconds.
final class ContainerNames {
    private let files: RuntimeFiles
    private let clock: () -> UInt64
    private var known: [ContainerReference: ContainerName] = [:]
    private var podman = Listing()
    private var pods = Listing()
    private var podContainers = Listing()

    /// Names by identifier, as of a moment.
    private struct Listing {
        var names: [String: String] = [:]
        /// CLOCK_MONOTONIC, nanoseconds; nil before the first time.
        var read: UInt64?
    }

    private static let pause: UInt64 = 10_000_000_000
    private static let mostKnown = 50_000

    /// - Parameters:
    ///   - root: stands before all paths; not empty only in tests.
    ///   - clock: CLOCK_MONOTONIC, nanoseconds.
    init(root: String = "", clock: @escaping () -> UInt64 = Clocks.monotonic) {
        files = RuntimeFiles(root: root)
        self.clock = clock
    }

    /// The name of a container; nil where its runtime's files do not tell.
    func name(_ reference: ContainerReference) -> ContainerName? {
        if let name = known[reference] { return name }
        guard let name = find(reference) else { return nil }
        if known.count >= Self.mostKnown { known = [:] }
        known[reference] = name
        return name
    }

    private func find(_ reference: ContainerReference) -> ContainerName? {
        if let pod = reference.pod {
            let place = lookUp(pod, \.pods) { self.podNames() }
            let container = lookUp(reference.id, \.podContainers) { self.podContainerNames() }
            return place == nil && container == nil ? nil : ContainerName(pod: place, container: container)
        }
        // Of rootless containers the files are their user's.
        guard reference.user == nil, reference.id.utf8.count == 64,
            reference.id.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        switch reference.runtime {
        case .docker: return dockerName(reference.id).map { ContainerName(container: $0) }
        case .podman: return lookUp(reference.id, \.podman) { self.podmanNames() }.map { ContainerName(container: $0) }
        case .containerd, .crio, .lxc, .oci: return nil
        }
    }

    private func lookUp(
        _ id: String, _ listing: ReferenceWritableKeyPath<ContainerNames, Listing>, _ read: () -> [String: String]
    ) -> String? {
        if let name = self[keyPath: listing].names[id] { return name }
        let now = clock()
        if let latest = self[keyPath: listing].read, now < latest + Self.pause { return nil }
        self[keyPath: listing] = Listing(names: read(), read: now)
        return self[keyPath: listing].names[id]
    }

    /// config.v2.json of the container: `"Name": "/web"`.
    private func dockerName(_ id: String) -> String? {
        guard let json = json("/var/lib/docker/containers/\(id)", "config.v2.json") else { return nil }
        return json["Name"]?.string.flatMap { Self.plain($0.hasPrefix("/") ? String($0.dropFirst()) : $0) }
    }

    /// containers.json of root's storage: `[{"id": "...", "names": ["web"]}]`.
    private func podmanNames() -> [String: String] {
        let containers = json("/var/lib/containers/storage/overlay-containers", "containers.json")?.elements ?? []
        var names: [String: String] = [:]
        for container in containers {
            guard let id = container["id"]?.string,
                let name = container["names"]?.elements?.first?.string.flatMap(Self.plain)
            else { continue }
            names[id] = name
        }
        return names
    }

    /// The kubelet's folders: `NAMESPACE_POD_UID`.
    private func podNames() -> [String: String] {
        var names: [String: String] = [:]
        for folder in files.names("/var/log/pods") {
            let parts = folder.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count == 3, let name = Self.plain("\(parts[0])/\(parts[1])") else { continue }
            names[String(parts[2])] = name
        }
        return names
    }

    /// The kubelet's links: `POD_NAMESPACE_CONTAINER-ID.log`. Only their names are looked at.
    private func podContainerNames() -> [String: String] {
        var names: [String: String] = [:]
        for link in files.names("/var/log/containers") where link.hasSuffix(".log") {
            let stem = link.dropLast(4)
            let id = String(stem.suffix(64))
            let parts = stem.dropLast(65).split(separator: "_", omittingEmptySubsequences: false)
            guard id.utf8.count == 64, parts.count == 3, let name = Self.plain(String(parts[2])) else { continue }
            names[id] = name
        }
        return names
    }

    private func json(_ folder: String, _ name: String) -> JSONValue? {
        guard let bytes = files.content(folder, name) else { return nil }
        do { return try JSONValue.parse(bytes) } catch { return nil }
    }

    /// A name as it may be shown; nil for none, and for one that no runtime gives.
    private static func plain(_ name: String) -> String? {
        name.isEmpty || name.utf8.count > 253 ? nil : EscapedBytes.visible(name)
    }
}
