import CDisassembler

/// Walks that are done again (fs/namei.c): where a walk in RCU mode has returned -ECHILD.
extension FunctionClassifier {
    /// From 6.16 on path_parentat is a part of it.
    private var inlinesParentWalk: Bool {
        locks.inlinesParentWalk && listing.function.name.hasSuffix("filename_parentat")
    }

    mutating func addSecondTries() {
        for index in listing.indices where listing[index].kind == CDIS_CALL { addRedoneWalks(index) }
        if inlinesParentWalk { addInlinedParentWalk() }
    }

    /// Behind the call of a walk: a comparison of its result with -ECHILD, and the block for equal.
    private mutating func addRedoneWalks(_ index: Int) {
        guard LockAddresses.pathWalks.contains(callee(index)) else { return }
        guard let comparison = listing.path(after: index, limit: 12).first(where: { comparesWithChildError($0) }) else {
            return
        }
        addRedoneWalk(callee(index), comparison)
    }

    /// From 6.16 on path_parentat has no symbol: the comparison behind it is the only one with -ECHILD.
    private mutating func addInlinedParentWalk() {
        let comparisons = listing.indices.filter { comparesWithChildError($0) }
        if comparisons.count == 1 { addRedoneWalk("path_parentat", comparisons[0]) }
    }

    /// Whoever calls a walk in RCU mode does it again, but for parts of another walk.
    mutating func addUnknownSecondTries() {
        let parts = LockAddresses.pathWalks.union(["do_o_path", "do_tmpfile"])
        guard !parts.contains(listing.function.baseName) else { return }
        let known = Set(sites.filter { $0.kind == .redoneWalk }.map(\.callee))
        for index in listing.indices where listing[index].kind == CDIS_CALL || listing[index].kind == CDIS_JUMP {
            guard LockAddresses.pathWalks.contains(callee(index)), !known.contains(callee(index)) else { continue }
            add(make(.unknown, index).doubted(callee(index)))
        }
    }

    /// `cmp $-ECHILD, ...`
    private func comparesWithChildError(_ index: Int) -> Bool { listing[index].compares(with: -10) }

    private mutating func addRedoneWalk(_ walk: String, _ comparison: Int) {
        guard let branch = listing.branch(on: comparison), let again = listing[branch].way(whereEqual: true) else {
            return
        }
        var site = make(.redoneWalk, comparison)
        site.callee = walk
        site.failure = again
        site.obstacle = obstacle(again)
        add(site)
    }
}

extension Site {
    /// The place of a walk whose second try is not known.
    func doubted(_ walk: String) -> Site {
        var site = self
        site.callee = walk
        site.doubts = [.walk]
        site.obstacle = "no second try of \(walk) is known here"
        return site
    }
}
