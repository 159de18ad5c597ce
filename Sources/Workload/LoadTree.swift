/// Where everything lies below the load's tmpfs; pure, so that it can be told before anything is mounted.
struct LoadTree: Equatable {
    /// The directory that the tmpfs covers.
    let base: String
    /// The threads that need places.
    let threads: ThreadCounts
    /// Additional mounts.
    let tableMounts: Int

    /// Two nested bind mounts, `outer` and `outer/inner`, of the same small directory.
    struct Chain: Equatable {
        let root: String
        var source: String { root + "/source" }
        var outer: String { root + "/outer" }
        var inner: String { outer + "/inner" }
        var leaf: String { inner + "/leaf" }
        var file: String { inner + "/file" }
        /// Through the magic link of /proc that ends RCU walks, then over both mounts twice.
        var refwalk: String { "/proc/self/root" + inner + "/../../outer/inner/file" }
        /// Leaves `inner` and `outer` by their roots, then `inner` once more.
        var dotdot: String { inner + "/../../outer/inner/.." }
    }

    /// The two directories of a thread that binds.
    struct Pair: Equatable {
        let root: String
        var source: String { root + "/source" }
        var target: String { root + "/target" }
    }

    /// Each remounting thread has a chain and toggles its `outer`; path readers walk over those. Without
    /// remounting threads each path reader has a chain of its own.
    var chains: [Chain] { (0..<chainCount).map { Chain(root: "\(base)/chain\($0)") } }

    /// One a thread that binds.
    var pairs: [Pair] { (0..<threads[.bind]).map { Pair(root: "\(base)/bind\($0)") } }

    /// The directory whose entries carry the additional mounts.
    var table: Pair { Pair(root: base + "/table") }

    /// The places of the additional mounts.
    func tableTarget(_ index: Int) -> String { "\(table.target)\(index)" }

    /// The chain of the `index`th thread of a kind.
    func chain(for kind: LoadKind, index: Int) -> Chain {
        var place = index
        if kind.readsPaths {
            for other in LoadKind.allCases.prefix(while: { $0 != kind }) where other.readsPaths {
                place += threads[other]
            }
            place %= chainCount
        }
        return Chain(root: "\(base)/chain\(place)")
    }

    /// The two directories of the `index`th thread that binds.
    func pair(index: Int) -> Pair { Pair(root: "\(base)/bind\(index)") }

    private var chainCount: Int {
        let readers = LoadKind.allCases.filter(\.readsPaths).map { threads[$0] }.reduce(0, +)
        return threads[.remount] > 0 ? threads[.remount] : readers
    }
}
