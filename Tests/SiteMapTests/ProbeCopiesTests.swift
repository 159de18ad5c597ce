import SiteMap
import Testing

/// Pages and text as kernels with kprobes have them: a copy of what a probe hides, then the jump back.
@Suite("What stood where somebody's kprobe is") struct ProbeCopiesTests {
    private static let text: Range<UInt64> = 0xffff_ffff_8100_0000..<0xffff_ffff_8200_0000
    private static let page: UInt64 = 0xffff_ffff_c020_0000
    private static let place: UInt64 = 0xffff_ffff_8110_0100
    private static let lock: UInt64 = 0xffff_ffff_8290_0000

    private func little(_ value: UInt64) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    /// addl $1,lock(%rip), at an address
    private func increment(at address: UInt64) -> [UInt8] { [0x83, 0x05] + little(Self.lock &- (address + 7)) + [1] }

    private func jump(from address: UInt64, to target: UInt64) -> [UInt8] { [0xE9] + little(target &- (address + 5)) }

    /// A page with a copy at an offset, and the jump from there to behind the original.
    private func page(_ copy: [UInt8], at offset: Int, of place: UInt64 = place) -> [UInt8] {
        var page = [UInt8](repeating: 0xCC, count: 4096)
        let behind = offset + copy.count
        let back = jump(from: Self.page + UInt64(behind), to: place + UInt64(copy.count))
        page.replaceSubrange(offset..<(behind + 5), with: copy + back)
        return page
    }

    private func originals(_ page: [UInt8], over now: [UInt8]) -> ProbeCopies.Originals {
        ProbeCopies.originals(on: page, at: Self.page, text: Self.text) { address, count in
            (0..<count).map { offset in
                let index = Int(Int64(bitPattern: address &+ UInt64(offset) &- Self.place))
                return now.indices.contains(index) ? now[index] : 0x90
            }
        }
    }

    @Test("a breakpoint: the instruction, with its distances as they were")
    func breakpoint() {
        let original = increment(at: Self.place)
        let copy = increment(at: Self.page + 64)
        #expect(copy != original)
        let found = originals(page(copy, at: 64), over: [0xCC] + original.dropFirst())
        #expect(found == [Self.place: original])
    }

    @Test("a jump: all the instructions that it hides, of which the last may reach behind it")
    func jump() {
        // push %rbp; mov %rsi,%rbx; lea 8(%rdi),%rax
        let original: [UInt8] = [0x55, 0x48, 0x89, 0xF3, 0x48, 0x8D, 0x47, 0x08]
        let slot = Self.page + 1024
        let now = jump(from: Self.place, to: slot) + original[5...]
        #expect(originals(page(original, at: 1200), over: now) == [Self.place: original])
        let moved = increment(at: Self.place)
        let far = jump(from: Self.place, to: slot) + moved[5...]
        #expect(originals(page(increment(at: Self.page + 1200), at: 1200), over: far) == [Self.place: moved])
    }

    @Test("nothing is made up: no probe, another instruction behind it, a jump to elsewhere")
    func nothing() {
        let original = increment(at: Self.place)
        let copies = page(increment(at: Self.page + 64), at: 64)
        #expect(originals(copies, over: original).isEmpty, "the probe is gone, its copy is not yet")
        var other = [0xCC] + original.dropFirst()
        other[6] = 2
        #expect(originals(copies, over: other).isEmpty)
        let elsewhere = jump(from: Self.place, to: Self.page + 8192) + original[5...]
        #expect(originals(copies, over: elsewhere).isEmpty)
        #expect(originals([UInt8](repeating: 0xCC, count: 4096), over: [0xCC]).isEmpty)
        #expect(originals(page([0x83, 0x05], at: 64), over: [0xCC, 0x05]).isEmpty, "half an instruction")
    }
}
