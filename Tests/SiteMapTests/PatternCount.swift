import KernelFixtures
import SiteMap

/// What a kernel does with mount_lock, counted by byte patterns alone: no disassembler, no control flow but jumps that are
/// always taken. Wrong in general, right where it finds the exact addresses of the lock; so it can check the site map.
struct PatternCount {
    /// `83 05 disp32 01`: addl $1, the sequence.
    private(set) var moves = 0
    /// Those right behind a call that takes a spinlock.
    private(set) var movesBehindLock = 0
    /// `8b /r`: the sequence into a register, and a test of its lowest bit next.
    private(set) var begins = 0
    /// The same, and a comparison next; or `3b /r`, `39 /r`: the sequence compared.
    private(set) var validations = 0
    /// `f3 90`, pause, and a load of the sequence with its test where it goes on.
    private(set) var pauses = 0
    /// The spinlock's address as an argument, before a call that takes it, and the sequence moved next.
    private(set) var writeLocks = 0
    /// The same without a move.
    private(set) var exclusiveLocks = 0
    /// The spinlock's address as an argument, before a call or a store that gives it back.
    private(set) var unlocks = 0
    /// PREEMPT_RT: `48 8b 3d`, the pointer to the lock as an argument, before a call that takes it, and that gives it back.
    private(set) var readerLocks = 0
    private(set) var readerUnlocks = 0
    /// `f3 0f 1e fa` at a function's start: endbr64.
    private(set) var branchTargets = 0

    private let locks: LockAddresses

    init(_ kernel: KernelFixture) {
        locks = kernel.locks
        for function in kernel.functions { count(Bytes(function)) }
    }

    private mutating func count(_ text: Bytes) {
        /// Calls and stores that end with the spinlock taken or given back. Several ways lead to some of them.
        var ends: Set<End> = []
        if text.has([0xF3, 0x0F, 0x1E, 0xFA], at: 0) { branchTargets += 1 }
        for index in text.indices {
            if isMove(text, index) {
                moves += 1
                if takesLock(text.target(ofCallAt: index - 5)) {
                    movesBehindLock += 1
                } else {
                    ends.formUnion([end(text, behind: index + 7, within: 16)].compactMap { $0 })
                }
            }
            if loadsSequence(text, index) {
                if testsOddness(text, index + 6) { begins += 1 } else { validations += 1 }
            }
            if [0x39, 0x3B].contains(text[index]), text.isRelative(index + 1),
                text.target(at: index + 2, length: 4) == locks.sequence
            {
                validations += 1
            }
            if text.has([0xF3, 0x90], at: index), reloads(text, index + 2) { pauses += 1 }
            countReaderLock(text, index)
        }
        for argument in arguments(text) { ends.formUnion([end(text, behind: argument, within: 64)].compactMap { $0 }) }
        unlocks += ends.count { !$0.takes }
        writeLocks += ends.count { $0.takes && isMove(text, $0.next) }
        exclusiveLocks += ends.count { $0.takes && !isMove(text, $0.next) }
    }

    private mutating func countReaderLock(_ text: Bytes, _ index: Int) {
        guard locks.spinlockOffset == 16, text.has([0x48, 0x8B, 0x3D], at: index),
            text.target(at: index + 3, length: 4) == locks.sequence + 8,
            let end = end(text, behind: index + 7, within: 64)
        else { return }
        if end.takes { readerLocks += 1 } else { readerUnlocks += 1 }
    }

    /// Behind each load of the spinlock's address as an argument: `mov $lock, %rdi`, or `mov $lock, %r12` anywhere in the
    /// function and `mov %r12, %rdi`.
    private func arguments(_ text: Bytes) -> [Int] {
        let spinlock = UInt32(truncatingIfNeeded: locks.sequence + locks.spinlockOffset)
        func loads(_ opening: [UInt8]) -> [Int] {
            text.indices.filter { text.has(opening, at: $0) && text.word($0 + 3) == spinlock }
        }
        let registers: [(load: [UInt8], copy: [UInt8])] = [
            ([0x48, 0xC7, 0xC3], [0x48, 0x89, 0xDF]), ([0x48, 0xC7, 0xC5], [0x48, 0x89, 0xEF]),
            ([0x49, 0xC7, 0xC4], [0x4C, 0x89, 0xE7]), ([0x49, 0xC7, 0xC5], [0x4C, 0x89, 0xEF]),
            ([0x49, 0xC7, 0xC6], [0x4C, 0x89, 0xF7]), ([0x49, 0xC7, 0xC7], [0x4C, 0x89, 0xFF]),
        ]
        let copies = registers.filter { !loads($0.load).isEmpty }.flatMap { register in
            // Next to the copy only: others are of other values.
            text.indices.filter { text.has(register.copy, at: $0) && end(text, behind: $0 + 3, within: 1) != nil }
        }
        return loads([0x48, 0xC7, 0xC7]).map { $0 + 7 } + copies.map { $0 + 3 }
    }

    private struct End: Hashable {
        let next: Int
        let takes: Bool
    }

    /// The first call that takes the lock, or call or store that gives it back.
    private func end(_ text: Bytes, behind start: Int, within reach: Int) -> End? {
        for index in start..<start + reach {
            if text.has([0xC6, 0x07, 0x00], at: index) { return End(next: index + 3, takes: false) }
            guard let callee = text.target(ofCallAt: index).flatMap({ locks.functions[$0] }) else { continue }
            if callee.hasSuffix("spin_unlock") { return End(next: index + 5, takes: false) }
            if callee.hasSuffix("spin_lock") { return End(next: index + 5, takes: true) }
        }
        return nil
    }

    private func isMove(_ text: Bytes, _ index: Int) -> Bool {
        text.has([0x83, 0x05], at: index) && text[index + 6] == 1
            && text.target(at: index + 2, length: 5) == locks.sequence
    }

    private func takesLock(_ target: UInt64?) -> Bool {
        target.flatMap { locks.functions[$0] }?.hasSuffix("spin_lock") ?? false
    }

    private func loadsSequence(_ text: Bytes, _ index: Int) -> Bool {
        text[index] == 0x8B && text.isRelative(index + 1) && text.target(at: index + 2, length: 4) == locks.sequence
    }

    /// `a8 01`, `f6 /0 01`: before anything is compared.
    private func testsOddness(_ text: Bytes, _ start: Int) -> Bool {
        for index in start..<start + 20 {
            if text.has([0xA8, 0x01], at: index) { return true }
            if text[index] == 0xF6, text[index + 1] & 0xF8 == 0xC0, text[index + 2] == 0x01 { return true }
            if [0x39, 0x3B].contains(text[index]) { return false }
        }
        return false
    }

    /// Whether the sequence is loaded, and tested, within a few bytes; jumps are followed.
    private func reloads(_ text: Bytes, _ start: Int) -> Bool {
        var index = start
        for _ in 0..<24 {
            if loadsSequence(text, index) { return testsOddness(text, index + 6) }
            if text[index] == 0xEB {
                index += 2 + Int(Int8(bitPattern: text[index + 1]))
            } else if text[index] == 0xE9 {
                index += 5 + Int(Int32(bitPattern: text.word(index + 1)))
            } else if text[index] & 0xF0 == 0x70 || text[index] == 0xE8 {
                return false
            } else {
                index += 1
            }
        }
        return false
    }
}

/// A function's bytes; 0 where there are none.
private struct Bytes {
    private let start: UInt64
    private let bytes: [UInt8]

    init(_ function: KernelFunction) {
        start = function.start
        bytes = function.bytes
    }

    var indices: Range<Int> { bytes.indices }

    subscript(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }

    func has(_ pattern: [UInt8], at index: Int) -> Bool {
        pattern.indices.allSatisfy { self[index + $0] == pattern[$0] }
    }

    func word(_ index: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(self[index + $1]) << (8 * UInt32($1)) } }

    /// ModR/M of an address relative to the next instruction.
    func isRelative(_ index: Int) -> Bool { self[index] & 0xC7 == 0x05 }

    /// What a displacement leads to, `length` bytes before the end of its instruction.
    func target(at index: Int, length: Int) -> UInt64 {
        start &+ UInt64(bitPattern: Int64(index + length)) &+ UInt64(bitPattern: Int64(Int32(bitPattern: word(index))))
    }

    /// `e8`, call, or `e9`, the jump of a tail call.
    func target(ofCallAt index: Int) -> UInt64? {
        [0xE8, 0xE9].contains(self[index]) ? target(at: index + 1, length: 4) : nil
    }
}
