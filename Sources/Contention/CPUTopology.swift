/// Which CPUs lie together. A CPU that is offline is in none of the lists.
public struct CPUTopology: Sendable, Equatable {
    /// CPUs of each socket, NUMA node, last-level cache (L3, a CCX of AMD's), and core, which are SMT siblings. In the order of
    /// their first CPUs; empty where nothing is known of that level.
    public let sockets: [[Int]]
    public let nodes: [[Int]]
    public let caches: [[Int]]
    public let cores: [[Int]]

    /// Lists may be in any order; a CPU that an earlier list of a level has is left out of a later one.
    public init(
        sockets: [[Int]] = [], nodes: [[Int]] = [], caches: [[Int]] = [], cores: [[Int]] = []
    ) {
        self.sockets = CPUTopology.sorted(sockets)
        self.nodes = CPUTopology.sorted(nodes)
        self.caches = CPUTopology.sorted(caches)
        self.cores = CPUTopology.sorted(cores)
    }

    /// Whether anything is known.
    public var isKnown: Bool { !(sockets.isEmpty && nodes.isEmpty && caches.isEmpty && cores.isEmpty) }

    private static func sorted(_ lists: [[Int]]) -> [[Int]] {
        var seen: Set<Int> = []
        let own = lists.map { list in list.sorted().filter { seen.insert($0).inserted } }
        return own.filter { !$0.isEmpty }.sorted { $0[0] < $1[0] }
    }

    /// CPUs of one cache, or of whatever is known instead, SMT siblings together.
    public struct Group: Sendable, Equatable {
        /// The numbers of its socket and its node among all; nil where not known.
        public let socket: Int?
        public let node: Int?
        public let cpus: [Int]
    }

    /// All CPUs below a number in groups, those of a socket, and of a node in it, behind each other; those of which nothing is
    /// known last. One group where nothing is known at all.
    public func groups(_ count: Int) -> [Group] {
        let place = (
            socket: CPUTopology.places(sockets), node: CPUTopology.places(nodes), cache: CPUTopology.places(caches),
            core: CPUTopology.places(cores)
        )
        struct Key: Hashable {
            let socket: Int?
            let node: Int?
            let cache: Int?
        }
        var members: [Key: [Int]] = [:]
        var order: [Key] = []
        for cpu in 0..<max(0, count) {
            let key = Key(socket: place.socket[cpu], node: place.node[cpu], cache: place.cache[cpu])
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(cpu)
        }
        let rank = { (value: Int?) in value ?? Int.max }
        return order.sorted { left, right in
            (rank(left.socket), rank(left.node), rank(left.cache)) < (
                rank(right.socket), rank(right.node), rank(right.cache)
            )
        }.map { key in
            let cpus = (members[key] ?? []).sorted { (rank(place.core[$0]), $0) < (rank(place.core[$1]), $1) }
            return Group(socket: key.socket, node: key.node, cpus: cpus)
        }
    }

    /// By CPU, the number of the list that has it.
    private static func places(_ lists: [[Int]]) -> [Int: Int] {
        var places: [Int: Int] = [:]
        for (number, list) in lists.enumerated() { for cpu in list { places[cpu] = number } }
        return places
    }

    /// `2 x 12 x 8`: sockets, caches of each and CPUs of each cache; nil where they are not all alike, or not known.
    public var shape: String? {
        guard let size = caches.first?.count, caches.allSatisfy({ $0.count == size }), !sockets.isEmpty,
            caches.count % sockets.count == 0
        else { return nil }
        return "\(sockets.count) x \(caches.count / sockets.count) x \(size)"
    }
}
