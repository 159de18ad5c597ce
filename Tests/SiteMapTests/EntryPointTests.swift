import SiteMap
import Testing

@Suite("The cheapest place for a kprobe at a function's begin") struct EntryPointTests {
    private static let start: UInt64 = 0xffff_ffff_8110_0000
    private static let semaphore: UInt64 = 0xffff_ffff_8200_0100
    private static let landing: [UInt8] = [0xF3, 0x0F, 0x1E, 0xFA]
    private static let traced: [UInt8] = [0x0F, 0x1F, 0x44, 0x00, 0x00]
    /// push %rbp; push %rbx; mov 0x70(%rdi),%rbp; mov %rsi,%rbx
    private static let opening: [UInt8] = [0x55, 0x53, 0x48, 0x8B, 0x6F, 0x70, 0x48, 0x89, 0xF3]
    /// mov $semaphore,%rdi
    private static let load: [UInt8] = [0x48, 0xC7, 0xC7, 0x00, 0x01, 0x00, 0x82]
    /// A call of something, and ret.
    private static let ending: [UInt8] = [0xE8, 0x00, 0x01, 0x00, 0x00, 0xC3]

    /// The offset of the point, and its register.
    private func find(_ code: [UInt8]..., loading member: Int? = nil, sparing: [UInt64] = []) -> (Int, UInt8?)? {
        let function = KernelFunction(name: "m_start", start: Self.start, bytes: Array(code.joined()))
        return EntryPoint.find(in: function, loading: member, sparing: sparing).map {
            (Int($0.address - Self.start), $0.register)
        }
    }

    @Test("behind what the function tracer patches, traced or not, where that leaves five bytes of whole instructions")
    func behind() throws {
        #expect(try #require(find(Self.traced, Self.opening, Self.ending)) == (5, nil))
        #expect(try #require(find(Self.landing, Self.traced, Self.opening, Self.ending)) == (9, nil))
        #expect(try #require(find([0xE8, 1, 2, 3, 4], Self.opening, Self.ending)) == (5, nil))
    }

    @Test("behind the load of a member where there is room")
    func member() throws {
        let wanted = find(Self.traced, Self.opening, Self.load, Self.ending, loading: 0x70)
        #expect(try #require(wanted) == (11, 5), "mov %rsi,%rbx and what follows, with %rbp")
        #expect(try #require(find(Self.traced, Self.opening, Self.load, Self.ending, loading: 0x68)) == (5, nil))
        // mov 0x70(%rdi),%rax: no compiler keeps anything in %rax over a call.
        let lost = find(Self.traced, [0x55, 0x53, 0x48, 0x8B, 0x47, 0x70], Self.load, Self.ending, loading: 0x70)
        #expect(try #require(lost) == (5, nil))
        // mov 0x70(%rdi),%rbx; mov %rsi,%rbx; mov $semaphore,%rsi; lea 8(%rdi),%rax; mov %rsi,%rdx
        let brief: [UInt8] = [0x48, 0x8B, 0x5F, 0x70, 0x48, 0x89, 0xF3]
        let other: [UInt8] = [0x48, 0xC7, 0xC6, 0, 1, 0, 0x82, 0x48, 0x8D, 0x47, 8, 0x48, 0x89, 0xF2]
        #expect(try #require(find(Self.traced, brief, other, Self.ending, loading: 0x70)) == (9, 3), "still there")
        let gone = find(Self.traced, brief, other, Self.ending, loading: 0x70, sparing: [Self.semaphore])
        #expect(try #require(gone) == (5, nil), "written again")
        let late = find(Self.traced, Self.opening, Self.ending, loading: 0x70)
        #expect(try #require(late) == (5, nil), "three bytes and a call are no room")
    }

    @Test("what names the semaphore stays readable")
    func sparing() throws {
        #expect(try #require(find(Self.traced, Self.load, Self.ending)) == (5, nil))
        #expect(find(Self.traced, Self.load, Self.ending, sparing: [Self.semaphore]) == nil)
        let between = find(Self.traced, Self.opening, Self.load, Self.ending, loading: 0x70, sparing: [Self.semaphore])
        #expect(try #require(between) == (5, nil))
    }

    @Test("no place where the kernel would leave the breakpoint")
    func breakpoints() throws {
        #expect(find(Self.traced, Self.ending) == nil, "a call does not run elsewhere")
        #expect(find(Self.traced, [0x55], Self.ending) == nil)
        #expect(find(Self.opening, Self.ending) == nil, "not a traced function: its first instruction is as good")
        // jmp *%rax
        #expect(find(Self.traced, Self.opening, [0xFF, 0xE0]) == nil, "a jump to anywhere may come here")
        // je back to `push %rbx`
        let back = UInt8(truncatingIfNeeded: 6 - (5 + Self.opening.count + 2))
        #expect(find(Self.traced, Self.opening, [0x74, back], Self.ending) == nil, "more runs than calls")
        #expect(find(Self.traced, [0xCC], Self.opening, Self.ending) == nil, "somebody else's breakpoint")
        #expect(find(Self.traced, [0xE9, 0, 1, 0, 0], Self.ending) == nil, "somebody else's jump")
    }
}
