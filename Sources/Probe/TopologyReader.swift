import Contention
import SystemCalls

/// Reads which CPUs lie together from /sys. What cannot be read, or makes no sense, stays unknown.
struct TopologyReader {
    /// What stands before `/sys`; not empty only in tests.
    let root: String

    private static let highestCacheIndex = 3
    private static let lastLevel = "3"

    /// - Parameter cpus: those that are online.
    func read(_ cpus: [Int]) -> CPUTopology {
        let online = Set(cpus)
        var sockets: [String: [Int]] = [:]
        var cores: [String: [Int]] = [:]
        for cpu in cpus {
            let folder = "/sys/devices/system/cpu/cpu\(cpu)/topology"
            // Cores are told apart by socket and core number, as the kernel numbers cores within a socket.
            guard let socket = text("\(folder)/physical_package_id"), let core = text("\(folder)/core_id") else {
                continue
            }
            sockets[socket, default: []].append(cpu)
            cores["\(socket):\(core)", default: []].append(cpu)
        }
        let nodes = CPUList.numbers(text("/sys/devices/system/node/online") ?? "").map { node in
            CPUList.numbers(text("/sys/devices/system/node/node\(node)/cpulist") ?? "").filter(online.contains)
        }
        return CPUTopology(
            sockets: Array(sockets.values), nodes: nodes, caches: caches(cpus, online), cores: Array(cores.values))
    }

    /// The CPUs of each last-level cache: read once for all CPUs of it.
    private func caches(_ cpus: [Int], _ online: Set<Int>) -> [[Int]] {
        var caches: [[Int]] = []
        var seen: Set<Int> = []
        for cpu in cpus where !seen.contains(cpu) {
            for index in stride(from: TopologyReader.highestCacheIndex, through: 0, by: -1) {
                let folder = "/sys/devices/system/cpu/cpu\(cpu)/cache/index\(index)"
                guard text("\(folder)/level") == TopologyReader.lastLevel else { continue }
                let shared = CPUList.numbers(text("\(folder)/shared_cpu_list") ?? "").filter(online.contains)
                guard shared.contains(cpu) else { break }
                caches.append(shared)
                seen.formUnion(shared)
                break
            }
        }
        return caches
    }

    /// The first line of a file.
    private func text(_ path: String) -> String? {
        do {
            let text = String(decoding: try readFile(root + path), as: UTF8.self)
            return text.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init)
        } catch { return nil }
    }
}
