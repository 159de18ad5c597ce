/// Machine code of one function (x86-64), and the few instruction forms that are looked for in it.
///
/// No disassembler: a form is accepted only with its exact target, and four bytes that happen to hit one exact kernel
/// address inside another instruction do not occur in practice.
struct KernelText {
    /// Address of the first byte.
    let start: UInt64
    let bytes: [UInt8]

    /// An instruction that was found: where it is and where the next one is.
    struct Instruction: Equatable {
        let address: UInt64
        let next: UInt64
        /// The address it names.
        let operand: UInt64
    }

    /// `e8 rel32`, call, and `e9 rel32`, the jump of a tail call.
    func calls(to target: UInt64) -> [Instruction] {
        find([[0xE8], [0xE9]], displacement: 1, length: 5).filter { $0.operand == target }
    }

    /// `48 c7 c7 imm32`: the address of a variable into %rdi, the first argument; or `48 8d 3d disp32`.
    func argumentLoads() -> [Instruction] {
        let immediate = positions(of: [0x48, 0xC7, 0xC7], length: 7).map { index in
            Instruction(
                address: address(index), next: address(index + 7),
                operand: UInt64(bitPattern: Int64(signed32(index + 3))))
        }
        return (immediate + find([[0x48, 0x8D, 0x3D]], displacement: 3, length: 7)).sorted { $0.address < $1.address }
    }

    /// The variables whose address is in %rdi when `function` is called, with the load and the call.
    ///
    /// Taken is the last load that ends at most `argumentReach` bytes before the call.
    func argumentLoads(beforeCallsOf function: UInt64) -> [(load: Instruction, call: Instruction)] {
        let loads = argumentLoads()
        return calls(to: function).compactMap { call in
            loads.last { $0.next <= call.address && call.address - $0.next <= UInt64(Self.argumentReach) }.map {
                ($0, call)
            }
        }
    }

    /// Calls of `function` before which no load of an argument is seen, but what may be a kprobe on it: `cc`, a
    /// breakpoint, or `e9`, the jump it is optimised to.
    func callsWithProbedArgument(of function: UInt64) -> [Instruction] {
        let explained = Set(argumentLoads(beforeCallsOf: function).map(\.call.address))
        return calls(to: function).filter { call in
            let end = Int(call.address - start)
            return !explained.contains(call.address)
                && bytes[max(0, end - Self.argumentReach)..<end].contains { $0 == 0xCC || $0 == 0xE9 }
        }
    }

    /// How many bytes before a call its argument is looked for.
    private static let argumentReach = 32

    /// `8b /r` with RIP addressing: 32-bit loads of a global, into any register.
    func globalLoads() -> [Instruction] { find(Self.ripRegisters.map { [0x8B, $0] }, displacement: 2, length: 6) }

    /// `83 05 disp32 01`: a global 32-bit word is incremented.
    func globalIncrements() -> [Instruction] {
        find([[0x83, 0x05]], displacement: 2, length: 7).filter { bytes[Int($0.address - start) + 6] == 1 }
    }

    /// ModR/M bytes of RIP-relative addressing, one for each register.
    private static let ripRegisters: [UInt8] = [0x05, 0x0D, 0x15, 0x1D, 0x25, 0x2D, 0x35, 0x3D]

    private func find(_ openings: [[UInt8]], displacement: Int, length: Int) -> [Instruction] {
        openings.flatMap { positions(of: $0, length: length) }.sorted().map { index in
            let next = address(index + length)
            return Instruction(
                address: address(index), next: next,
                operand: next &+ UInt64(bitPattern: Int64(signed32(index + displacement))))
        }
    }

    private func positions(of opening: [UInt8], length: Int) -> [Int] {
        guard bytes.count >= length else { return [] }
        return (0...(bytes.count - length)).filter { index in
            bytes[index] == opening[0] && zip(opening, bytes[index...]).allSatisfy { $0 == $1 }
        }
    }

    private func address(_ index: Int) -> UInt64 { start + UInt64(index) }

    private func signed32(_ index: Int) -> Int32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index, as: Int32.self) }
    }
}
