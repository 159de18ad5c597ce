import CDisassembler

/// The instructions of a function, in order.
struct Listing {
    let function: KernelFunction
    let instructions: [cdis_instruction]
    private let byAddress: [UInt64: Int]

    init(_ function: KernelFunction) {
        self.function = function
        let room = function.bytes.count
        instructions = [cdis_instruction](unsafeUninitializedCapacity: room) { buffer, count in
            count = max(0, cdis_decode(function.bytes, room, function.start, buffer.baseAddress, room))
        }
        var byAddress: [UInt64: Int] = [:]
        byAddress.reserveCapacity(instructions.count)
        for (index, instruction) in instructions.enumerated() { byAddress[instruction.address] = index }
        self.byAddress = byAddress
    }

    subscript(_ index: Int) -> cdis_instruction { instructions[index] }
    var indices: Range<Int> { instructions.indices }

    func index(at address: UInt64) -> Int? { byAddress[address] }

    /// The instruction that an address lies in.
    func index(holding address: UInt64) -> Int? {
        var low = 0
        var high = instructions.count
        while low < high {
            let middle = (low + high) / 2
            if instructions[middle].next <= address { low = middle + 1 } else { high = middle }
        }
        return low < instructions.count && instructions[low].address <= address ? low : nil
    }

    /// The instructions that follow one another behind `index` without a jump, at most `limit`; the call, jump, branch
    /// or return that ends them is the last.
    func straight(after index: Int, limit: Int) -> [Int] {
        var found: [Int] = []
        var next = index + 1
        while next < instructions.count, found.count < limit {
            found.append(next)
            switch instructions[next].kind {
            case CDIS_CALL, CDIS_JUMP, CDIS_BRANCH, CDIS_RETURN, CDIS_BREAKPOINT: return found
            default: next += 1
            }
        }
        return found
    }

    /// An instruction and those that follow it without a jump, at most `limit`.
    func block(at index: Int, limit: Int) -> [Int] { straight(after: index - 1, limit: limit) }

    /// The conditional jump that a comparison decides: what stands between them moves data, which leaves the flags alone. nil
    /// where there is none.
    func branch(on comparison: Int) -> Int? {
        var next = comparison + 1
        while next < instructions.count {
            switch instructions[next].kind {
            case CDIS_MOVE, CDIS_LEA, CDIS_NOP: next += 1
            case CDIS_BRANCH: return next
            default: return nil
            }
        }
        return nil
    }

    /// As `straight`, but through jumps that are always taken.
    func path(after index: Int, limit: Int) -> [Int] {
        var found: [Int] = []
        var next: Int? = index + 1
        while let here = next, here < instructions.count, found.count < limit {
            let instruction = instructions[here]
            found.append(here)
            switch instruction.kind {
            case CDIS_JUMP: next = self.index(at: instruction.target)
            case CDIS_CALL, CDIS_BRANCH, CDIS_RETURN, CDIS_BREAKPOINT: return found
            default: next = here + 1
            }
        }
        return found
    }

    /// The calls and tail jumps that are reached behind `index` with a register as it is there, along both ways of every
    /// branch; empty where one of the ways writes the register, or is longer than `limit` instructions.
    /// - Parameter stops: what ends a way like a call.
    func calls(
        reachedFrom index: Int, keeping register: UInt8, limit: Int, orStopping stops: (Int) -> Bool = { _ in false }
    ) -> [Int] {
        var found: Set<Int> = []
        var seen: Set<Int> = []
        var pending = [index + 1]
        while let here = pending.popLast() {
            guard here < instructions.count, seen.count < limit else { return [] }
            guard seen.insert(here).inserted else { continue }
            let instruction = instructions[here]
            if stops(here) {
                found.insert(here)
                continue
            }
            switch instruction.kind {
            case CDIS_CALL: found.insert(here)
            case CDIS_JUMP:
                if let next = self.index(at: instruction.target) { pending.append(next) } else { found.insert(here) }
            case CDIS_BRANCH:
                guard let next = self.index(at: instruction.target) else { return [] }
                pending += [next, here + 1]
            case CDIS_RETURN, CDIS_BREAKPOINT: return []
            default:
                // Behind an instruction that loads the register anew a call has another argument.
                if !instruction.writes(register) { pending.append(here + 1) }
            }
        }
        return found.sorted()
    }

    /// Copies of a register to another on every way from `index` on, as far as the register keeps its value; nil where it is used
    /// in another way too. Calls are taken to keep it: compilers read a register behind a call only where the callee must
    /// preserve it.
    func copies(of register: UInt8, to other: UInt8, reachedFrom index: Int) -> [Int]? {
        var found: [Int] = []
        var seen: Set<Int> = []
        var pending = [index + 1]
        while let here = pending.popLast() {
            guard here < instructions.count, seen.insert(here).inserted else { continue }
            let instruction = instructions[here]
            if instruction.copies(register, to: other) {
                found.append(here)
            } else if instruction.follows(register) || instruction.copyTarget(of: register) != nil {
                return nil
            }
            switch instruction.kind {
            case CDIS_RETURN, CDIS_BREAKPOINT: continue
            case CDIS_JUMP: pending += [self.index(at: instruction.target)].compactMap { $0 }
            case CDIS_BRANCH: pending += [self.index(at: instruction.target), here + 1].compactMap { $0 }
            case CDIS_CALL: pending.append(here + 1)
            default: if !instruction.writes(register) { pending.append(here + 1) }
            }
        }
        return found.sorted()
    }

    func jumps(to address: UInt64) -> Int {
        instructions.count { $0.target == address && ($0.kind == CDIS_JUMP || $0.kind == CDIS_BRANCH) }
    }

    /// How many ways lead to an instruction: jumps to it, and the one before it where that goes on.
    func predecessors(of index: Int) -> Int {
        let jumps = jumps(to: instructions[index].address)
        guard index > 0 else { return jumps + 1 }
        switch instructions[index - 1].kind {
        case CDIS_JUMP, CDIS_RETURN, CDIS_BREAKPOINT: return jumps
        default: return jumps + 1
        }
    }
}
