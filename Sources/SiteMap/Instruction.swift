import CDisassembler

/// Capstone's kinds as C spells them, of the type the struct holds.
extension cdis_instruction {
    var next: UInt64 { address + UInt64(length) }

    /// Where a branch on equality goes: where the compared are equal, or where they are not; nil for another branch.
    func way(whereEqual: Bool) -> UInt64? {
        switch condition {
        case 4: whereEqual ? target : next
        case 5: whereEqual ? next : target
        default: nil
        }
    }

    func operand(_ index: Int) -> cdis_operand? {
        guard index < Int(operand_count) else { return nil }
        return index == 0 ? operands.0 : operands.1
    }

    func mentions(anyOf addresses: [UInt64]) -> Bool {
        (0..<Int(operand_count)).contains { index in
            guard let operand = operand(index) else { return false }
            let isAddress = operand.kind == CDIS_IMMEDIATE || (operand.kind == CDIS_MEMORY && operand.absolute)
            return isAddress && addresses.contains(operand.value)
        }
    }

    func mentions(_ address: UInt64) -> Bool {
        operand(0)?.isMemory(address) == true || operand(1)?.isMemory(address) == true
    }

    func mentions(register: UInt8) -> Bool {
        operand(0)?.isRegister(register) == true || operand(1)?.isRegister(register) == true
    }

    /// `addl $1, ADDRESS`
    func increments(_ address: UInt64) -> Bool {
        guard kind == CDIS_ADD, let into = operand(0), let by = operand(1) else { return false }
        return into.isMemory(address) && by.kind == CDIS_IMMEDIATE && by.value == 1
    }

    /// `mov ADDRESS, %REGISTER`
    func loads(_ address: UInt64) -> Bool {
        kind == CDIS_MOVE && operand(0)?.kind == CDIS_REGISTER && operand(1)?.isMemory(address) == true
    }

    /// `movb $0, (%REGISTER)`
    func clearsByte(at register: UInt8) -> Bool {
        guard kind == CDIS_MOVE, let into = operand(0), let value = operand(1) else { return false }
        return into.kind == CDIS_MEMORY && into.reg == register && into.value == 0 && into.bytes == 1
            && value.kind == CDIS_IMMEDIATE && value.value == 0
    }

    /// `movb $0, ADDRESS`
    func clearsByte(atAddress address: UInt64) -> Bool {
        guard kind == CDIS_MOVE, let into = operand(0), let value = operand(1) else { return false }
        return into.isMemory(address) && into.bytes == 1 && value.kind == CDIS_IMMEDIATE && value.value == 0
    }

    /// `cmp` of what is at an address.
    func compares(_ address: UInt64) -> Bool { kind == CDIS_COMPARE && mentions(address) }

    /// `test $1, %REGISTER` or `and $1, %REGISTER`
    func takesLowestBit(of register: UInt8) -> Bool {
        (kind == CDIS_TEST || kind == CDIS_AND) && operand(0)?.isRegister(register) == true
            && operand(1)?.kind == CDIS_IMMEDIATE && operand(1)?.value == 1
    }

    /// `cmp $NUMBER, ...`
    func compares(with number: Int32) -> Bool {
        kind == CDIS_COMPARE && operand(1)?.kind == CDIS_IMMEDIATE
            && Int32(truncatingIfNeeded: operand(1)?.value ?? 0) == number
    }

    /// The register that it stores the address into; nil where it does not.
    func registerLoaded(with address: UInt64) -> UInt8? {
        guard let into = operand(0), let value = operand(1), into.kind == CDIS_REGISTER else { return nil }
        let loads =
            switch kind {
            case CDIS_MOVE: value.kind == CDIS_IMMEDIATE && value.value == address
            case CDIS_LEA: value.isMemory(address)
            default: false
            }
        return loads ? into.reg : nil
    }

    /// The register that gets the value of another; nil where none does.
    func copyTarget(of register: UInt8) -> UInt8? {
        guard kind == CDIS_MOVE, let into = operand(0), into.kind == CDIS_REGISTER else { return nil }
        return operand(1)?.isRegister(register) == true ? into.reg : nil
    }

    func copies(_ register: UInt8, to other: UInt8) -> Bool { copyTarget(of: register) == other }

    /// Whether it reads or writes memory through a register.
    func follows(_ register: UInt8) -> Bool {
        [operand(0), operand(1)].contains {
            $0.map { $0.kind == CDIS_MEMORY && !$0.absolute && $0.reg == register } ?? false
        }
    }

    /// Whether it could change what is at an address: writes it in some way, or gets hold of the address.
    func mayChange(_ address: UInt64) -> Bool {
        [operand(0), operand(1)].contains { operand in
            guard let operand, operand.value == address else { return false }
            return operand.kind == CDIS_IMMEDIATE || (operand.absolute && (operand.written || kind == CDIS_LEA))
        }
    }

    /// The register that gets the pointer at an offset from another, `mov OFFSET(%FROM), %REGISTER`; nil where none does.
    func registerLoaded(from base: UInt8, at offset: Int) -> UInt8? {
        guard kind == CDIS_MOVE, let into = operand(0), let from = operand(1), into.kind == CDIS_REGISTER else {
            return nil
        }
        let isIt = from.kind == CDIS_MEMORY && from.reg == base && from.value == UInt64(offset) && from.bytes == 8
        return isIt ? into.reg : nil
    }

    /// Whether it writes a register, as far as what stands between a load and its use goes.
    func writes(_ register: UInt8) -> Bool {
        switch kind {
        case CDIS_COMPARE, CDIS_TEST, CDIS_BRANCH, CDIS_JUMP, CDIS_NOP, CDIS_PUSH: false
        default: operand(0)?.isRegister(register) ?? false
        }
    }
}

extension cdis_operand {
    func isRegister(_ number: UInt8) -> Bool { kind == CDIS_REGISTER && reg == number }
    func isMemory(_ address: UInt64) -> Bool { kind == CDIS_MEMORY && absolute && value == address }
}
