import CDisassembler

/// Classifies what one function does with the locks.
struct FunctionClassifier {
    private let listing: Listing
    private let locks: LockAddresses
    /// Every function, for blocks that the compiler moved to a clone.
    private let all: [Listing]
    private var sites: [Site] = []

    /// Instructions looked at from a load to the use of what it loaded.
    private static let reach = 10

    init(_ listing: Listing, locks: LockAddresses, all: [Listing]) {
        self.listing = listing
        self.locks = locks
        self.all = all
    }

    /// - Parameter references: addresses of four bytes that refer to a lock.
    mutating func classify(_ references: [UInt64]) -> [Site] {
        let places = Set(references.compactMap { listing.index(holding: $0) }).sorted()
        for index in places {
            let found = argumentSites(index)
            sites += found.isEmpty ? [site(at: index) ?? unknown(index)] : found
        }
        for index in listing.indices where listing[index].kind == CDIS_PAUSE { addSpin(index) }
        for index in listing.indices where listing[index].kind == CDIS_CALL { addRedoneWalks(index) }
        if locks.inlinesParentWalk, listing.function.baseName.hasSuffix("filename_parentat") { addInlinedParentWalk() }
        return sites
    }

    // MARK: - References

    private func site(at index: Int) -> Site? {
        let instruction = listing[index]
        if isMove(instruction) { return make(isAcquire(index) ? .writeAcquire : .writeLeave, index) }
        if let readerLock = locks.readerLock, instruction.loads(readerLock) { return readerWait(index) }
        if let semaphore = locks.semaphore, instruction.loads(semaphore) || instruction.compares(semaphore) {
            return make(.semaphoreCheck, index)
        }
        if instruction.loads(locks.sequence) { return sequenceLoad(index) }
        if instruction.compares(locks.sequence) { return validation(index, index) }
        return nil
    }

    private func isMove(_ instruction: cdis_instruction) -> Bool { instruction.increments(locks.sequence) }

    /// Whether the sequence is moved right behind a call that takes a spinlock.
    private func isAcquire(_ index: Int) -> Bool {
        var before = index - 1
        while before > 0, listing[before].kind == CDIS_NOP { before -= 1 }
        return before >= 0 && listing[before].kind == CDIS_CALL
            && LockAddresses.spinlockAcquires.contains(callee(before))
    }

    private func callee(_ index: Int) -> String { locks.functions[listing[index].target] ?? "" }

    // MARK: - Arguments

    /// The calls that a lock's address is loaded for; empty where it is not loaded here, or not for a known call.
    ///
    /// Kept in another register it becomes an argument where that is copied to %rdi.
    private func argumentSites(_ index: Int) -> [Site] {
        for (lock, find) in [(locks.spinlock, spinlockCalls), (locks.semaphore ?? 0, semaphoreCalls)] where lock != 0 {
            guard let register = listing[index].registerLoaded(with: lock) else { continue }
            if register == 7 { return find(index) }
            let copies = listing.copies(of: register, to: 7, reachedFrom: index).map(find)
            return copies.contains { $0.isEmpty } ? [] : copies.flatMap { $0 }
        }
        return []
    }

    // MARK: - The spinlock

    private func spinlockCalls(_ index: Int) -> [Site] {
        if let site = spinlockCall(index) { return [site] }
        // Behind a branch: only where every way gives the lock back.
        let ends = listing.calls(reachedFrom: index, keeping: 7, limit: 32, orStopping: isInlinedUnlock)
        let releases = ends.allSatisfy {
            isInlinedUnlock($0) || LockAddresses.spinlockReleases.contains(callee($0))
        }
        guard releases else { return [] }
        return ends.map { end in
            var site = unlock(index, through: end, at: end)
            site.callee = callee(end)
            return site
        }
    }

    private func spinlockCall(_ index: Int) -> Site? {
        let path = listing.straight(after: index, limit: Self.reach)
        if let stored = path.first(where: { isInlinedUnlock($0) }) { return unlock(index, through: stored) }
        guard let end = path.last, !path.contains(where: { listing[$0].writes(7) }) else { return nil }
        let isCall = listing[end].kind == CDIS_CALL
        guard isCall || listing[end].kind == CDIS_JUMP else { return nil }
        if LockAddresses.spinlockReleases.contains(callee(end)) { return unlock(index, through: end) }
        guard isCall, LockAddresses.spinlockAcquires.contains(callee(end)) else { return nil }
        var after = end + 1
        while after < listing.instructions.count, listing[after].kind == CDIS_NOP { after += 1 }
        guard let begins = movesSequence(after) else { return nil }
        var site = make(begins ? .writeRequest : .exclusiveAcquire, index)
        site.returnAddress = listing[end].next
        site.callee = callee(end)
        return site
    }

    /// Whether the sequence is moved at an instruction, also where somebody's breakpoint hides its first byte; nil where a
    /// kprobe hides more: a jump out of all functions that are looked at.
    private func movesSequence(_ index: Int) -> Bool? {
        guard index < listing.instructions.count else { return false }
        let instruction = listing[index]
        switch instruction.kind {
        case CDIS_BREAKPOINT:
            // Of 83 05 disp32 01.
            let function = listing.function
            let start = Int(instruction.address - function.start)
            guard function.bytes.count >= start + 7, function.bytes[start + 1] == 0x05 else { return false }
            let distance = Int32(bitPattern: function.bytes.word(at: start + 2))
            let operand = instruction.address &+ 7 &+ UInt64(bitPattern: Int64(distance))
            return operand == locks.sequence && function.bytes[start + 6] == 1
        case CDIS_JUMP:
            let isInside = (all + [listing]).contains { other in
                instruction.target >= other.function.start
                    && instruction.target - other.function.start < UInt64(other.function.bytes.count)
            }
            return isInside ? false : nil
        default: return isMove(instruction)
        }
    }

    /// `movb $0, (%rdi)`: a kernel before 5.11 patches it over the call of `_raw_spin_unlock`.
    private func isInlinedUnlock(_ index: Int) -> Bool { listing[index].clearsByte(at: 7) }

    /// Of a write section, where the sequence has just been made even.
    private func unlock(_ index: Int, through end: Int, at place: Int? = nil) -> Site {
        let first = max(0, index - 4)
        let ends = (first...max(end, index)).contains { isMove(listing[$0]) && !isAcquire($0) }
        var site = make(ends ? .writeUnlock : .exclusiveUnlock, place ?? index)
        site.callee = callee(end)
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
        guard let register = listing[index].operand(0)?.reg else { return nil }
        // What has the value too: where the sequence must be kept, its lowest bit is taken from a copy.
        var copies: Set<UInt8> = [register]
        for next in listing.path(after: index, limit: Self.reach) {
            let instruction = listing[next]
            if copies.contains(where: instruction.takesLowestBit(of:)) {
                var site = make(.begin, index)
                site.register = register
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
        guard let branch = listing.branch(on: comparison) else { return nil }
        var site = make(.validate, index)
        switch listing[branch].condition {
        case 5: site.failure = listing[branch].target
        case 4: site.failure = listing[branch].next
        default: return nil
        }
        site.obstacle = obstacle(site.failure)
        site.failsWithError = loadsError(site.failure)
        return site
    }

    /// Whether a block loads -ECHILD or -EAGAIN before it branches.
    private func loadsError(_ block: UInt64?) -> Bool {
        guard let block, let index = listing.index(at: block) else { return false }
        return listing.block(at: index, limit: 5).contains { place in
            guard listing[place].kind == CDIS_MOVE, let value = listing[place].operand(1) else { return false }
            return value.kind == CDIS_IMMEDIATE && [-10, -11].contains(Int32(truncatingIfNeeded: value.value))
        }
    }

    /// What else comes by a block; empty where there is one way to it only.
    private func obstacle(_ block: UInt64?) -> String {
        guard let block else { return "nowhere" }
        // A clone of the function has the block where it is cold; the jumps to it are in both.
        let family = all.filter { $0.function.baseName == listing.function.baseName }
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
        guard !ends.isEmpty, ends.allSatisfy({ LockAddresses.semaphoreCalls.contains(callee($0)) }) else { return [] }
        let isStraight = ends.count == 1 && listing.straight(after: index, limit: Self.reach).last == ends[0]
        return ends.map { end in
            var site = make(.semaphore, isStraight ? index : end)
            site.callee = callee(end)
            site.returnAddress = listing[end].kind == CDIS_CALL ? listing[end].next : nil
            return site
        }
    }

    // MARK: - Walks that are done again

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

    private func comparesWithChildError(_ index: Int) -> Bool { listing[index].compares(with: -10) }

    private mutating func addRedoneWalk(_ walk: String, _ comparison: Int) {
        guard let branch = listing.branch(on: comparison) else { return }
        var site = make(.redoneWalk, comparison)
        site.callee = walk
        switch listing[branch].condition {
        case 4: site.failure = listing[branch].target
        case 5: site.failure = listing[branch].next
        default: return
        }
        site.obstacle = obstacle(site.failure)
        sites.append(site)
    }

    // MARK: - Making sites

    private func make(_ kind: Site.Kind, _ index: Int) -> Site {
        let address = listing[index].address
        return Site(
            kind: kind, address: address, function: listing.function.name, offset: address - listing.function.start)
    }

    private func unknown(_ index: Int) -> Site {
        var site = make(.unknown, index)
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
