import CDisassembler

/// Classifies what one function does with the locks.
struct FunctionClassifier {
    let listing: Listing
    let locks: LockAddresses
    /// Every function, for what the compiler moved to a clone.
    private let text: TextMap
    private let spinlock: SpinlockMap
    private(set) var sites: [Site] = []

    /// Instructions looked at from a load to the use of what it loaded.
    private static let reach = 10

    init(_ listing: Listing, locks: LockAddresses, text: TextMap, spinlock: SpinlockMap) {
        self.listing = listing
        self.locks = locks
        self.text = text
        self.spinlock = spinlock
    }

    /// - Parameter references: addresses of four bytes that refer to a lock.
    mutating func classify(_ references: [UInt64]) -> [Site] {
        let places = Set(references.compactMap { listing.index(holding: $0) }).sorted()
        for index in places {
            let found = argumentSites(index)
            sites += found.isEmpty ? [site(at: index) ?? unknown(index)] : found
        }
        if !locks.blind.contains(.pause) {
            for index in listing.indices where listing[index].kind == CDIS_PAUSE { addSpin(index) }
        }
        if !locks.blind.contains(.secondTry) { addSecondTries() }
        addUnknownSecondTries()
        return sites
    }

    // MARK: - References

    private func site(at index: Int) -> Site? {
        let instruction = listing[index]
        if locks.move(instruction) {
            return make(spinlock.begins.contains(instruction.address) ? .writeAcquire : .writeLeave, index)
        }
        if let readerLock = locks.readerLock, instruction.loads(readerLock) { return readerWait(index) }
        if let semaphore = locks.semaphore, instruction.loads(semaphore) || instruction.compares(semaphore) {
            return make(.semaphoreCheck, index)
        }
        if instruction.loads(locks.sequence) { return sequenceLoad(index) }
        if instruction.compares(locks.sequence) { return validation(index, index) }
        return nil
    }

    func callee(_ index: Int) -> String { locks.callee(of: listing[index]) }

    /// The calls that a lock's address is loaded for; empty where it is not loaded here, or not for a known call.
    private func argumentSites(_ index: Int) -> [Site] {
        if let uses = spinlock.uses[listing[index].address], !uses.isEmpty {
            let sites = uses.map(spinlockSite)
            return sites.contains { $0 == nil } ? [] : sites.compactMap { $0 }
        }
        return locks.semaphore.map { listing.arguments(of: $0, loadedAt: index, find: semaphoreCalls) } ?? []
    }

    // MARK: - The spinlock

    /// nil where it is taken and what follows is not understood.
    private func spinlockSite(_ use: SpinlockUse) -> Site? {
        guard use.takes else { return unlock(use) }
        let section = spinlock.sections[listing[use.end].address]
        guard let section, section.writes || section.isExclusive else { return nil }
        var site = make(section.writes ? .writeRequest : .exclusiveAcquire, use.place)
        site.returnAddress = listing[use.end].next
        site.callee = callee(use.end)
        return site
    }

    /// Of an exclusive holder where one's section ends; or else of a write section, where the sequence has just been made even.
    private func unlock(_ use: SpinlockUse) -> Site {
        let begin = max(0, min(use.place, use.end) - 4)
        let isLeft = (begin...max(use.end, use.place)).contains { index in
            locks.move(listing[index]) && !spinlock.begins.contains(listing[index].address)
        }
        let isExclusive = spinlock.exclusiveEnds.contains(listing[use.end].address) || !isLeft
        var site = make(isExclusive ? .exclusiveUnlock : .writeUnlock, use.place)
        site.callee = callee(use.end)
        return site
    }

    private func readerWait(_ index: Int) -> Site? {
        guard let call = listing.straight(after: index, limit: Self.reach).last, listing[call].kind == CDIS_CALL else {
            return nil
        }
        if LockAddresses.spinlockReleases.contains(callee(call)) { return make(.readerWaitEnd, index) }
        guard LockAddresses.spinlockAcquires.contains(callee(call)) else { return nil }
        var site = make(.readerWait, index)
        site.returnAddress = listing[call].next
        return site
    }

    // MARK: - The sequence

    private func sequenceLoad(_ index: Int) -> Site? {
        guard !locks.blind.contains(.load), let register = listing[index].operand(0)?.reg else { return nil }
        // What has the value too: where the sequence must be kept, its lowest bit is taken from a copy.
        var copies: Set<UInt8> = [register]
        for next in listing.path(after: index, limit: Self.reach) {
            let instruction = listing[next]
            if copies.contains(where: instruction.takesLowestBit(of:)) {
                var site = make(.begin, index)
                site.register = register
                site.odd = listing.branch(on: next).flatMap { listing[$0].way(whereEqual: false) }
                return site
            }
            if instruction.kind == CDIS_COMPARE, instruction.mentions(register: register) {
                return validation(index, next)
            }
            if let copy = copies.compactMap({ instruction.copyTarget(of: $0) }).first {
                copies.insert(copy)
            } else if instruction.writes(register) {
                return nil
            } else {
                copies = copies.filter { !instruction.writes($0) }
            }
        }
        return nil
    }

    /// - Parameters:
    ///   - index: the instruction that loads the sequence.
    ///   - comparison: the one that compares it.
    private func validation(_ index: Int, _ comparison: Int) -> Site? {
        guard !locks.blind.contains(.comparison), let branch = listing.branch(on: comparison),
            let failure = listing[branch].way(whereEqual: false)
        else { return nil }
        var site = make(.validate, index)
        site.failure = failure
        site.obstacle = obstacle(failure)
        site.failsWithError = loadsError(failure)
        site.failsIntoSection = beginsSection(failure)
        return site
    }

    /// Whether a block takes the spinlock for a write section before it branches.
    private func beginsSection(_ block: UInt64) -> Bool {
        text.path(from: block, limit: 12).contains { spinlock.sections[$0.instruction.address]?.writes == true }
    }

    /// Whether a block loads -ECHILD or -EAGAIN before it branches.
    private func loadsError(_ block: UInt64) -> Bool {
        guard let index = listing.index(at: block) else { return false }
        return listing.block(at: index, limit: 5).contains { place in
            guard listing[place].kind == CDIS_MOVE, let value = listing[place].operand(1) else { return false }
            return value.kind == CDIS_IMMEDIATE && [-10, -11].contains(Int32(truncatingIfNeeded: value.value))
        }
    }

    /// What else comes by a block; empty where there is one way to it only.
    func obstacle(_ block: UInt64) -> String {
        // A clone of the function has the block where it is cold; the jumps to it are in both.
        let family = text.family(of: listing.function)
        guard let home = family.first(where: { $0.index(at: block) != nil }), let index = home.index(at: block) else {
            return "its failure block is in no function that was read"
        }
        let ways = family.reduce(0) { sum, one in
            one.function.start == home.function.start ? sum + home.predecessors(of: index) : sum + one.jumps(to: block)
        }
        return ways == 1 ? "" : "\(ways) ways lead to its failure block"
    }

    // MARK: - Loops

    /// A pause belongs to mount_lock when what follows loads its sequence again.
    private mutating func addSpin(_ index: Int) {
        for next in listing.path(after: index, limit: 8) where listing[next].loads(locks.sequence) {
            guard let load = sequenceLoad(next), load.kind == .begin else { return }
            var site = make(.spin, index)
            site.register = load.register
            site.loop = loop(from: index, to: next)
            sites.append(site)
            return
        }
    }

    /// From a pause to the branch behind the load that follows it, and the jump back where there is one.
    private func loop(from pause: Int, to load: Int) -> [Range<UInt64>] {
        guard var last = listing.straight(after: load, limit: Self.reach).last else { return [] }
        let back = last + 1
        if listing.indices.contains(back), listing[back].kind == CDIS_JUMP,
            listing[back].target == listing[pause].address
        {
            last = back
        }
        let head = listing[load].address..<listing[last].next
        // The path to the load has no branch: it is one piece unless it jumps.
        let lead = listing.straight(after: pause, limit: Self.reach).prefix { $0 != load }
        let end = listing[lead.last ?? pause].next
        let start = listing[pause].address
        return end == head.lowerBound ? [start..<head.upperBound] : [start..<end, head]
    }

    // MARK: - The semaphore

    /// The calls that an argument reaches. Behind a branch each of them is a site of its own.
    private func semaphoreCalls(_ index: Int) -> [Site] {
        let ends = listing.calls(reachedFrom: index, keeping: 7, limit: 24)
        guard !locks.blind.contains(.semaphore), !ends.isEmpty,
            ends.allSatisfy({ LockAddresses.semaphoreCalls.contains(callee($0)) })
        else { return [] }
        let isStraight = ends.count == 1 && listing.straight(after: index, limit: Self.reach).last == ends[0]
        return ends.map { end in
            var site = make(.semaphore, isStraight ? index : end)
            site.callee = callee(end)
            site.returnAddress = listing[end].kind == CDIS_CALL ? listing[end].next : nil
            return site
        }
    }

    // MARK: - Making sites

    mutating func add(_ site: Site) { sites.append(site) }

    func make(_ kind: Site.Kind, _ index: Int) -> Site {
        let address = listing[index].address
        return Site(
            kind: kind, address: address, function: listing.function.name, offset: address - listing.function.start)
    }

    /// What an instruction might do that refers to a lock in a form that is not known.
    private func doubts(_ instruction: cdis_instruction) -> Set<Doubt> {
        var doubts: Set<Doubt> = []
        for operand in [instruction.operand(0), instruction.operand(1)].compactMap({ $0 }) {
            guard operand.kind == CDIS_IMMEDIATE || operand.absolute else { continue }
            switch operand.value {
            case locks.semaphore: doubts.insert(.semaphore)
            case locks.spinlock: doubts.insert(.holder)
            case locks.readerLock: doubts.formUnion([.holder, .reader])
            // The address may be used for anything, of the spinlock behind it too.
            case locks.sequence where operand.kind == CDIS_IMMEDIATE || instruction.kind == CDIS_LEA:
                doubts.formUnion([.holder, .reader])
            case locks.sequence: doubts.insert(operand.written ? .holder : .reader)
            default: continue
            }
        }
        return doubts
    }

    private func unknown(_ index: Int) -> Site {
        var site = make(.unknown, index)
        site.doubts = doubts(listing[index])
        let bytes = listing.function.bytes
        let start = Int(site.offset)
        site.obstacle =
            "no known form: "
            + bytes[start..<min(bytes.count, start + 12)].map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined(separator: " ")
        return site
    }
}
