import Testing

@testable import Workload

@Suite struct LoadTreeTests {
    private func tree(_ threads: [LoadKind: Int]) -> LoadTree {
        LoadTree(base: "/tmp", threads: ThreadCounts(threads), tableMounts: 0)
    }

    @Test("path readers have a chain each when nobody remounts")
    func ownChains() {
        let tree = tree([.stat: 2, .open: 1, .dotdot: 1, .getcwd: 2])
        let used = LoadKind.allCases.flatMap { kind in
            (0..<tree.threads[kind]).map { tree.chain(for: kind, index: $0) }
        }
        #expect(used == tree.chains)
        #expect(Set(used.map(\.root)).count == 6)
    }

    @Test("path readers walk over the mounts that are toggled")
    func sharedChains() {
        let tree = tree([.remount: 2, .stat: 2, .getcwd: 1])
        #expect(tree.chains.count == 2)
        #expect(tree.chain(for: .remount, index: 1).root == "/tmp/chain1")
        #expect(tree.chain(for: .stat, index: 0).root == "/tmp/chain0")
        #expect(tree.chain(for: .stat, index: 1).root == "/tmp/chain1")
        #expect(tree.chain(for: .getcwd, index: 0).root == "/tmp/chain0")
    }

    @Test("a load that walks no paths mounts no chain")
    func noChains() {
        let tree = tree([.bind: 2, .mountinfo: 3, .unshare: 1])
        #expect(tree.chains.isEmpty)
        #expect(tree.pairs.map(\.target) == ["/tmp/bind0/target", "/tmp/bind1/target"])
    }

    @Test("the .. path leaves mounts by their roots three times and ends in the outer mount")
    func dotdot() {
        let chain = LoadTree.Chain(root: "/tmp/chain0")
        #expect(chain.dotdot == "/tmp/chain0/outer/inner/../../outer/inner/..")
        var place: [Substring] = []
        var leaves = 0
        for part in chain.dotdot.split(separator: "/") {
            if part != ".." {
                place.append(part)
                continue
            }
            let here = "/" + place.joined(separator: "/")
            if [chain.outer, chain.inner].contains(here) { leaves += 1 }
            place.removeLast()
        }
        #expect(leaves == 3)
        #expect("/" + place.joined(separator: "/") == chain.outer)
    }
}
