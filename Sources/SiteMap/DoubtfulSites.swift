import CDisassembler

/// What can only be doubted once every function has been classified.
enum DoubtfulSites {
    static func mark(_ sites: inout [Site], _ text: TextMap, _ locks: LockAddresses) {
        addReaders(&sites, text, locks)
        addParentWalk(&sites, text, locks)
        addCopies(&sites)
    }

    /// Instructions looked at from the test of a sequence to the pause of its loop.
    private static let reach = 16

    /// Doubts the copies of `__legitimize_mnt` that a compiler has put into its callers: a retry there passes by the original's
    /// probes. The copy that was once meant for other files (5.10, `legitimize_mnt`) has no caller.
    private static func addCopies(_ sites: inout [Site]) {
        let originals: Set<String> = ["__legitimize_mnt", "legitimize_mnt"]
        for index in sites.indices where sites[index].failsIntoSection && !originals.contains(sites[index].baseName) {
            sites[index].doubts.insert(.copy)
        }
    }

    /// Doubts the readers whose waits are not seen: an odd sequence leads to no pause that is a spin's, or, under PREEMPT_RT, not
    /// to the lock.
    private static func addReaders(_ sites: inout [Site], _ text: TextMap, _ locks: LockAddresses) {
        let spins = Set(sites.filter { $0.kind == .spin }.map(\.address))
        for index in sites.indices where sites[index].kind == .begin {
            let steps = sites[index].odd.map { text.path(from: $0, limit: reach) } ?? []
            let isSeen = steps.contains { step in
                spins.contains(step.instruction.address) || locks.readerLock.map(step.instruction.loads) ?? false
            }
            if !isSeen {
                sites[index].doubts = [.reader]
                sites[index].obstacle = "where an odd sequence leads is not understood"
            }
        }
    }

    /// Doubts the walk that has no symbol where no function that may contain it is known to do it again.
    private static func addParentWalk(_ sites: inout [Site], _ text: TextMap, _ locks: LockAddresses) {
        guard locks.inlinesParentWalk,
            !sites.contains(where: { $0.kind == .redoneWalk && $0.callee == "path_parentat" })
        else { return }
        for listing in text.listings where listing.function.name.hasSuffix("filename_parentat") {
            let place = Site(
                kind: .unknown, address: listing.function.start, function: listing.function.name, offset: 0)
            sites.append(place.doubted("path_parentat"))
        }
    }
}
