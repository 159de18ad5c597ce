import Testing

@testable import Probe

/// The forms, by hand: Intel SDM volume 2, and what GNU as makes of them.
@Suite("Kernel text") struct KernelTextTests {
    static let start: UInt64 = 0xffff_ffff_8100_0000

    private func text(_ bytes: [UInt8]) -> KernelText { KernelText(start: Self.start, bytes: bytes) }

    private func instruction(_ offset: UInt64, _ length: UInt64, _ operand: UInt64) -> KernelText.Instruction {
        KernelText.Instruction(address: Self.start + offset, next: Self.start + offset + length, operand: operand)
    }

    @Test("a call and a tail jump name a target ahead of the next instruction")
    func calls() {
        let target = Self.start + 0x1000
        // nop; call +0xffa; jmp +0xff5
        let code = text([0x90, 0xE8, 0xFA, 0x0F, 0, 0, 0xE9, 0xF5, 0x0F, 0, 0])
        #expect(code.calls(to: target) == [instruction(1, 5, target), instruction(6, 5, target)])
        #expect(code.calls(to: target + 1) == [])
    }

    @Test("displacements may be negative")
    func negativeDisplacements() {
        let target = Self.start - 0x100_0000
        let call = text([0xE8, 0xFB, 0xFF, 0xFF, 0xFE])
        #expect(call.calls(to: target) == [instruction(0, 5, target)])
        let load = text([0x8B, 0x05, 0xFA, 0xFF, 0xFF, 0xFE])
        #expect(load.globalLoads() == [instruction(0, 6, target)])
        let address = text([0x48, 0x8D, 0x3D, 0xF9, 0xFF, 0xFF, 0xFE])
        #expect(address.argumentLoads() == [instruction(0, 7, target)])
        let increment = text([0x83, 0x05, 0xF9, 0xFF, 0xFF, 0xFE, 1])
        #expect(increment.globalIncrements() == [instruction(0, 7, target)])
    }

    @Test("a 32-bit address is extended by its sign, as the processor does")
    func immediates() {
        let code = text([0x48, 0xC7, 0xC7, 0x80, 0xB7, 0x00, 0x83, 0x48, 0xC7, 0xC7, 0x00, 0x10, 0x00, 0x00])
        #expect(code.argumentLoads() == [instruction(0, 7, 0xffff_ffff_8300_b780), instruction(7, 7, 0x1000)])
    }

    @Test("a load of a global may go into any register, those behind a prefix too")
    func globalLoads() {
        for register in UInt8(0)..<8 {
            let code = text([0x90, 0x8B, 0x05 | register << 3, 0xF9, 0x00, 0x00, 0x00])
            #expect(code.globalLoads() == [instruction(1, 6, Self.start + 0x100)])
            let prefixed = text([0x44] + code.bytes[1...])
            #expect(prefixed.globalLoads() == [instruction(1, 6, Self.start + 0x100)])
        }
    }

    @Test("what only resembles a form is none")
    func falseNeighbours() {
        // mov $imm,%rsi; mov $imm,%rax; lea disp(%rip),%rsi; lea disp(%rdi),%rdi
        #expect(text([0x48, 0xC7, 0xC6, 0, 0, 0, 0x81]).argumentLoads() == [])
        #expect(text([0x48, 0xC7, 0xC0, 0, 0, 0, 0x81]).argumentLoads() == [])
        #expect(text([0x48, 0x8D, 0x35, 0, 0, 0, 0]).argumentLoads() == [])
        #expect(text([0x48, 0x8D, 0xBF, 0, 0, 0, 0]).argumentLoads() == [])
        // mov disp(%rdi),%eax; mov %eax,disp(%rip)
        #expect(text([0x8B, 0x87, 0, 0, 0, 0]).globalLoads() == [])
        #expect(text([0x89, 0x05, 0, 0, 0, 0]).globalLoads() == [])
        // addl $2; subl $1; addl $1 by a register
        #expect(text([0x83, 0x05, 0, 0, 0, 0, 2]).globalIncrements() == [])
        #expect(text([0x83, 0x2D, 0, 0, 0, 0, 1]).globalIncrements() == [])
        #expect(text([0x83, 0x47, 0, 0, 0, 0, 1]).globalIncrements() == [])
        // jne rel32 and jmp rel8 are no calls
        #expect(text([0x0F, 0x85, 0xFA, 0x0F, 0, 0]).calls(to: Self.start + 0x1000) == [])
        #expect(text([0xEB, 0x10, 0, 0, 0]).calls(to: Self.start + 0x12) == [])
    }

    @Test("a form that ends with the text is found, one that is cut off is not")
    func endOfText() {
        let forms: [[UInt8]] = [
            [0xE8, 0, 0, 0, 0], [0x48, 0xC7, 0xC7, 0, 0, 0, 0x81], [0x8B, 0x05, 0, 0, 0, 0],
            [0x83, 0x05, 0, 0, 0, 0, 1],
        ]
        for form in forms {
            #expect(found(text([0x90] + form)) == 1)
            for length in 0..<form.count { #expect(found(text(Array(form[..<length]))) == 0) }
        }
        #expect(found(text([])) == 0)
    }

    @Test("the argument of a call is the last address loaded before it, within 32 bytes")
    func arguments() throws {
        var code = MachineCode(start: Self.start)
        code.loadArgument(0xffff_ffff_8200_0000)
        code.loadArgument(0xffff_ffff_8200_0040)
        let load = code.next - 7
        code.pad(to: load + 7 + 32)
        let call = code.next
        code.call(0xffff_ffff_8180_0000)
        code.pad(1)
        code.call(0xffff_ffff_8180_0000)
        let pairs = code.text.argumentLoads(beforeCallsOf: 0xffff_ffff_8180_0000)
        try #require(pairs.count == 1)
        #expect(pairs[0].load.address == load && pairs[0].load.operand == 0xffff_ffff_8200_0040)
        #expect(pairs[0].call.address == call && pairs[0].call.next == call + 5)
        #expect(code.text.argumentLoads(beforeCallsOf: 0xffff_ffff_8180_0010).isEmpty)
    }

    @Test("an address loaded after a call is not its argument")
    func loadedLater() {
        var code = MachineCode(start: Self.start)
        code.call(0xffff_ffff_8180_0000)
        code.loadArgument(0xffff_ffff_8200_0000)
        #expect(code.text.argumentLoads(beforeCallsOf: 0xffff_ffff_8180_0000).isEmpty)
    }

    private func found(_ code: KernelText) -> Int {
        let calls = code.calls(to: code.start + UInt64(code.bytes.count)).count
        return calls + code.argumentLoads().count + code.globalLoads().count + code.globalIncrements().count
    }
}
