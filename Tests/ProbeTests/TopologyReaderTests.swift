import Contention
import Testing

@testable import Probe

@Suite struct TopologyReaderTests {
    private let tree: FileTree

    init() throws { tree = try FileTree() }

    private func cpu(_ number: Int, socket: String, core: String, cache: String) throws {
        let folder = "/sys/devices/system/cpu/cpu\(number)"
        try tree.write("\(socket)\n", to: "\(folder)/topology/physical_package_id")
        try tree.write("\(core)\n", to: "\(folder)/topology/core_id")
        try tree.write("2\n", to: "\(folder)/cache/index2/level")
        try tree.write("3\n", to: "\(folder)/cache/index3/level")
        try tree.write("\(cache)\n", to: "\(folder)/cache/index3/shared_cpu_list")
    }

    @Test("sockets, nodes, last-level caches and SMT siblings are read")
    func whole() throws {
        for number in 0..<4 { try cpu(number, socket: "\(number / 2)", core: "0", cache: number < 2 ? "0-1" : "2-3,9") }
        try tree.write("0-1\n", to: "/sys/devices/system/node/online")
        try tree.write("0-1\n", to: "/sys/devices/system/node/node0/cpulist")
        try tree.write("2-3\n", to: "/sys/devices/system/node/node1/cpulist")
        let topology = TopologyReader(root: tree.root).read([0, 1, 2, 3])
        let halves = [[0, 1], [2, 3]]
        #expect(topology == CPUTopology(sockets: halves, nodes: halves, caches: halves, cores: halves))
        #expect(topology.shape == "2 x 1 x 2")
    }

    @Test("what is missing or makes no sense stays unknown, and the rest is read")
    func partial() throws {
        try cpu(0, socket: "0", core: "0", cache: "nonsense,-,4294967295-")
        try cpu(1, socket: "-1", core: "\u{1B}[2J", cache: "0-99999999999999999999")
        try tree.write("0-4000000000\n", to: "/sys/devices/system/node/online")
        try tree.write("", to: "/sys/devices/system/node/node0/cpulist")
        let topology = TopologyReader(root: tree.root).read([0, 1, 2])
        #expect(topology.sockets == [[0], [1]] && topology.cores == [[0], [1]])
        #expect(topology.nodes.isEmpty && topology.caches.isEmpty && topology.shape == nil)
        #expect(!TopologyReader(root: "/nowhere").read([0, 1]).isKnown)
    }
}
