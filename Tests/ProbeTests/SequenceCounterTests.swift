import Testing

@testable import Probe

@Suite("Counting write sections") struct SequenceCounterTests {
    @Test("a section moves the sequence by two")
    func sections() {
        var counter = SequenceCounter(first: 1000, at: 0)
        #expect(counter.sections(at: 1000, moment: 0) == 0)
        #expect(counter.sections(at: 1002, moment: 0) == 1)
        #expect(counter.sections(at: 5000, moment: 0) == 2000)
    }

    @Test("a section under way counts when it ends")
    func oddEnd() {
        var counter = SequenceCounter(first: 1000, at: 0)
        #expect(counter.sections(at: 1001, moment: 0) == 0)
        #expect(counter.sections(at: 1002, moment: 0) == 1)
        #expect(counter.sections(at: 1005, moment: 0) == 2)
    }

    @Test("a section that was under way at the beginning ends during the measurement")
    func oddStart() {
        var counter = SequenceCounter(first: 1001, at: 0)
        #expect(counter.sections(at: 1001, moment: 0) == 0)
        #expect(counter.sections(at: 1002, moment: 0) == 1)
        #expect(counter.sections(at: 1004, moment: 0) == 2)
    }

    @Test("the sequence wraps at 2^32, as often as it likes")
    func wraps() {
        var counter = SequenceCounter(first: 0xffff_fffe, at: 0)
        #expect(counter.sections(at: 0, moment: 0) == 1)
        #expect(counter.sections(at: 0xffff_fffe, moment: 0) == 0x8000_0000)
        #expect(counter.sections(at: 2, moment: 0) == 0x8000_0002)
        var odd = SequenceCounter(first: 0xffff_ffff, at: 0)
        #expect(odd.sections(at: 1, moment: 0) == 1)
        #expect(odd.sections(at: 2, moment: 0) == 2)
    }

    @Test("reading twice changes nothing, and the sum of the parts is the whole")
    func parts() {
        var often = SequenceCounter(first: 17, at: 0)
        var once = SequenceCounter(first: 17, at: 0)
        var generator = SystemRandomNumberGenerator()
        var sequence: UInt32 = 17
        for _ in 0..<1000 {
            sequence &+= UInt32.random(in: 0..<100_000, using: &generator)
            #expect(often.sections(at: sequence, moment: 0) == often.sections(at: sequence, moment: 0))
        }
        #expect(often.sections(at: sequence, moment: 0) == once.sections(at: sequence, moment: 0))
    }

    @Test("after a stop in which it may have wrapped the sections are not known, and those after it are")
    func stopped() {
        var counter = SequenceCounter(first: 1000, at: 50)
        let first = counter.total
        _ = counter.sections(at: 1200, moment: 50 + SequenceCounter.longestGap)
        #expect(counter.gap == nil && counter.total - first == 100)
        _ = counter.sections(at: 1400, moment: 51 + 2 * SequenceCounter.longestGap)
        #expect(counter.gap == "mountscope did not run for 100 s: the sequence may have wrapped meanwhile")
        // As a counter that went back: no difference to a reading before.
        #expect(counter.total < first)
        let after = counter.total
        _ = counter.sections(at: 1410, moment: 60 + 2 * SequenceCounter.longestGap)
        #expect(counter.gap == nil && counter.lasting != nil)
        #expect(counter.total - after == 5 && counter.total < first)
    }
}
