import Testing

@testable import Probe

@Suite("Counting write sections") struct SequenceCounterTests {
    @Test("a section moves the sequence by two")
    func sections() {
        var counter = SequenceCounter(first: 1000)
        #expect(counter.sections(at: 1000) == 0)
        #expect(counter.sections(at: 1002) == 1)
        #expect(counter.sections(at: 5000) == 2000)
    }

    @Test("a section under way counts when it ends")
    func oddEnd() {
        var counter = SequenceCounter(first: 1000)
        #expect(counter.sections(at: 1001) == 0)
        #expect(counter.sections(at: 1002) == 1)
        #expect(counter.sections(at: 1005) == 2)
    }

    @Test("a section that was under way at the beginning ends during the measurement")
    func oddStart() {
        var counter = SequenceCounter(first: 1001)
        #expect(counter.sections(at: 1001) == 0)
        #expect(counter.sections(at: 1002) == 1)
        #expect(counter.sections(at: 1004) == 2)
    }

    @Test("the sequence wraps at 2^32, as often as it likes")
    func wraps() {
        var counter = SequenceCounter(first: 0xffff_fffe)
        #expect(counter.sections(at: 0) == 1)
        #expect(counter.sections(at: 0xffff_fffe) == 0x8000_0000)
        #expect(counter.sections(at: 2) == 0x8000_0002)
        var odd = SequenceCounter(first: 0xffff_ffff)
        #expect(odd.sections(at: 1) == 1)
        #expect(odd.sections(at: 2) == 2)
    }

    @Test("reading twice changes nothing, and the sum of the parts is the whole")
    func parts() {
        var often = SequenceCounter(first: 17)
        var once = SequenceCounter(first: 17)
        var generator = SystemRandomNumberGenerator()
        var sequence: UInt32 = 17
        for _ in 0..<1000 {
            sequence &+= UInt32.random(in: 0..<100_000, using: &generator)
            #expect(often.sections(at: sequence) == often.sections(at: sequence))
        }
        #expect(often.sections(at: sequence) == once.sections(at: sequence))
    }
}
