import Testing

@testable import Contention

@Suite struct CPUTopologyTests {
    /// Two sockets of two caches of four CPUs, which are two cores of two threads: as the kernel numbers them, second threads
    /// behind all first ones.
    static let eightCores = CPUTopology(
        sockets: [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]],
        nodes: [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]],
        caches: [[0, 1, 8, 9], [2, 3, 10, 11], [4, 5, 12, 13], [6, 7, 14, 15]],
        cores: (0..<8).map { [$0, $0 + 8] })

    @Test("CPUs of a cache stand together, SMT siblings beside each other")
    func groups() {
        let groups = Self.eightCores.groups(16)
        #expect(groups.map(\.cpus) == [[0, 8, 1, 9], [2, 10, 3, 11], [4, 12, 5, 13], [6, 14, 7, 15]])
        #expect(groups.map(\.socket) == [0, 0, 1, 1] && groups.map(\.node) == [0, 0, 1, 1])
        #expect(Self.eightCores.shape == "2 x 2 x 4")
    }

    @Test("CPUs of which nothing is known come last, and there is one group where nothing is known at all")
    func unknown() {
        #expect(Self.eightCores.groups(18).last == CPUTopology.Group(socket: nil, node: nil, cpus: [16, 17]))
        #expect(CPUTopology().groups(3).map(\.cpus) == [[0, 1, 2]] && !CPUTopology().isKnown)
        #expect(CPUTopology().shape == nil && CPUTopology().groups(0).isEmpty)
    }

    @Test("caches that differ have no shape, and a CPU that two lists name is in the first")
    func odd() {
        let odd = CPUTopology(sockets: [[0, 1, 2]], caches: [[0, 1], [1, 2]])
        #expect(odd.caches == [[0, 1], [2]] && odd.shape == nil)
        #expect(odd.groups(3).map(\.cpus) == [[0, 1], [2]])
    }

    @Test(
        "lists are written as they are read",
        arguments: [("0-3,8", [0, 1, 2, 3, 8]), ("", []), ("5", [5]), ("0,2,4-5", [0, 2, 4, 5])] as [(String, [Int])])
    func lists(_ text: String, _ numbers: [Int]) {
        #expect(CPUList.numbers(text) == numbers && CPUList.text(numbers) == text)
    }
}
