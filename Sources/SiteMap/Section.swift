import CDisassembler

/// What follows where mount_lock's spinlock has been taken, on every way through the functions that were read.
///
/// Ways are followed without regard to their conditions: one that is never taken can only take a claim away.
struct Section {
    /// Where the sequence is moved before the lock is given back: the first such instruction of each way.
    private(set) var moves: Set<UInt64> = []
    /// Where the lock is given back without that.
    private(set) var releases: Set<UInt64> = []
    /// Why some way could not be followed; empty where all were.
    private(set) var obstacle = ""

    /// The sequence is moved on every way that gives the lock back, or keeps it.
    var writes: Bool { !moves.isEmpty && releases.isEmpty && obstacle.isEmpty }
    /// It is given back, and on no way is the sequence moved before.
    var isExclusive: Bool { moves.isEmpty && !releases.isEmpty && obstacle.isEmpty }

    /// - Parameters:
    ///   - start: where the call that takes the lock returns to.
    ///   - ends: where the spinlock is given back (true), or taken again, which whoever has it cannot do.
    init(from start: UInt64, in text: TextMap, locks: LockAddresses, ends: [UInt64: Bool]) {
        var seen: Set<UInt64> = []
        var pending = [start]
        while let address = pending.popLast() {
            guard seen.insert(address).inserted else { continue }
            guard let place = text.place(at: address) else {
                // A return thunk, or a tail call of a function that does not name the lock. Elsewhere are the copies of what
                // somebody's probe hides.
                if locks.text?.contains(address) != true { obstacle = "a way leads out of the kernel's text" }
                continue
            }
            if place.movesSequence(of: locks) {
                moves.insert(address)
            } else if place.instruction.mayChange(locks.sequence) {
                obstacle = "the sequence is changed in a form that is not known"
            } else if let gives = ends[address] {
                if gives { releases.insert(address) }
            } else {
                let instruction = place.instruction
                switch instruction.kind {
                case CDIS_RETURN: break
                case CDIS_JUMP where instruction.target == 0: obstacle = "a jump has no fixed target"
                case CDIS_JUMP: pending.append(instruction.target)
                case CDIS_BRANCH: pending += [instruction.next, instruction.target]
                default: if place.index + 1 < place.listing.instructions.count { pending.append(instruction.next) }
                }
            }
        }
    }
}

extension TextMap.Place {
    /// Whether the sequence is moved here, also where somebody's breakpoint hides the instruction's first byte.
    func movesSequence(of locks: LockAddresses) -> Bool {
        guard instruction.kind == CDIS_BREAKPOINT else { return locks.move(instruction) }
        let function = listing.function
        let start = Int(instruction.address - function.start)
        // Of 83 05 disp32 01, or of ff 05 disp32.
        guard function.bytes.count >= start + 6, function.bytes[start + 1] == 0x05 else { return false }
        let distance = UInt64(bitPattern: Int64(Int32(bitPattern: function.bytes.word(at: start + 2))))
        let adds = function.bytes.count >= start + 7 && function.bytes[start + 6] == 1
        return (adds && instruction.address &+ 7 &+ distance == locks.sequence)
            || instruction.address &+ 6 &+ distance == locks.sequence
    }
}
