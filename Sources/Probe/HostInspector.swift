import Contention
import Glibc
import SystemCalls

/// Reads what describes the machine from uname, /proc and /sys. What cannot be read stays unknown: 0, empty or nil.
public struct HostInspector: Sendable {
    /// What stands before `/proc` and `/sys`; not empty only in tests.
    private let root: String

    public init(root: String = "") { self.root = root }

    /// The machine as it is now.
    /// - Parameter hashesTypes: whether the kernel's types are hashed, some 7 MB, which takes 25 ms: for what is kept.
    public func inspect(hashesTypes: Bool = true) -> HostConditions {
        var host = HostConditions()
        describeKernel(&host)
        if hashesTypes { host.btfHash = bytes("/sys/kernel/btf/vmlinux").map { FNV1a($0).text } }
        host.bootFlags = text("/proc/cmdline")?.trimmed ?? ""
        host.cpuModel = cpuModel()
        let possible = list("/sys/devices/system/cpu/possible")
        host.possibleCPUs = possible.last.map { $0 + 1 } ?? 0
        host.onlineCPUs = list("/sys/devices/system/cpu/online")
        host.numaNodes = list("/sys/devices/system/node/online").count
        host.topology = TopologyReader(root: root).read(host.onlineCPUs)
        (host.cores, host.sockets) = (host.topology.cores.count, host.topology.sockets.count)
        host.mountsInNamespace = text("/proc/self/mountinfo").map { $0.utf8.count { $0 == UInt8(ascii: "\n") } } ?? 0
        host.mountNamespaces = mountNamespaces()
        return host
    }

    private func describeKernel(_ host: inout HostConditions) {
        var names = utsname()
        // Fails only for a bad pointer.
        guard uname(&names) == 0 else { return }
        host.hostname = string(of: names.nodename)
        host.kernelRelease = string(of: names.release)
        host.kernelBuild = string(of: names.version)
        host.architecture = string(of: names.machine)
    }

    /// x86 says `model name`, others differ or say nothing.
    private func cpuModel() -> String {
        let wanted = ["model name", "Model", "cpu model", "cpu"]
        var found: [Substring: Substring] = [:]
        for line in (text("/proc/cpuinfo") ?? "").split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].trimmed
            if found[name[...]] == nil { found[name[...]] = line[line.index(after: colon)...] }
        }
        return wanted.lazy.compactMap { found[$0[...]]?.trimmed }.first ?? ""
    }

    /// Distinct `/proc/PID/ns/mnt` links; nil where not one can be read. Processes may come and go meanwhile.
    private func mountNamespaces() -> Int? {
        guard let folder = opendir("\(root)/proc"), let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            return nil
        }
        defer { closedir(folder) }
        var namespaces: Set<String> = []
        while let entry = readdir(folder) {
            // Not through `pointee`: an entry is shorter than the struct when its name is.
            let name = String(
                cString: UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self))
            guard let first = name.utf8.first, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first) else { continue }
            if let link = linkTarget("\(root)/proc/\(name)/ns/mnt") { namespaces.insert(link) }
        }
        return namespaces.isEmpty ? nil : namespaces.count
    }

    private func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 256)
        let length = readlink(path, &target, target.count)
        return length > 0 ? String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// The numbers of a list such as `0-3,8`.
    private func list(_ path: String) -> [Int] { CPUList.numbers(text(path)?.trimmed ?? "") }

    private func bytes(_ path: String) -> [UInt8]? {
        do { return try readFile(root + path) } catch { return nil }
    }

    private func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// The text in one of utsname's fixed arrays.
    private func string<Array>(of field: Array) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line feeds at both ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}
