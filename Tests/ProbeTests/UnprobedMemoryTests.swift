import Testing

@testable import Probe

@Suite("Kernel memory without the kprobes of others") struct UnprobedMemoryTests {
    private static let place: UInt64 = 0xffff_ffff_8100_0100
    private static let page: UInt64 = 0xffff_ffff_c020_1000
    private static let kallsyms = """
        ffffffff81000000 T _stext
        ffffffff82000000 T _etext
        ffffffffc0201000 t kprobe_insn_page\t[__builtin__kprobes]

        """

    @Test("bytes are as they were before, wherever reading begins and ends")
    func restored() throws {
        let memory = LaidOutMemory()
        // int3 on `mov %rsi,%rbx` in a function; its copy, and the jump behind it.
        memory.write([0x90, 0x90, 0xCC, 0x89, 0xF3, 0xC3] + [UInt8](repeating: 0x90, count: 64), at: Self.place - 2)
        memory.write([UInt8](repeating: 0x90, count: 32), at: Self.place - 34)
        memory.whole = (Self.place - 64)..<(Self.place + 64)
        let back = Self.place + 3 &- (Self.page + 8)
        let jump = [0xE9] + (0..<4).map { UInt8(truncatingIfNeeded: back >> (8 * UInt64($0))) }
        memory.write([0x48, 0x89, 0xF3] + jump + [UInt8](repeating: 0xCC, count: 4088), at: Self.page)
        let symbols = parseSymbols(Self.kallsyms, SupplierCatalogue.wantedSymbols)
        let unprobed = UnprobedMemory(memory, symbols)
        #expect(unprobed.bytes(at: Self.place, count: 4) == [0x48, 0x89, 0xF3, 0xC3])
        #expect(unprobed.bytes(at: Self.place - 2, count: 3) == [0x90, 0x90, 0x48])
        #expect(unprobed.bytes(at: Self.place + 1, count: 2) == [0x89, 0xF3])
        #expect(unprobed.bytes(at: 0, count: 8) == nil)
        let nobody = UnprobedMemory(memory, parseSymbols("", SupplierCatalogue.wantedSymbols))
        #expect(nobody.bytes(at: Self.place, count: 1) == [0xCC])
    }
}
