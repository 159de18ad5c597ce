import Testing

@testable import Probe

/// At 1,000 Hz a sample is due every 1,000,000 ns. All times are CLOCK_MONOTONIC in nanoseconds.
@Suite("Samples that were due") struct DueSamplesTests {
    private static let millisecond: UInt64 = 1_000_000

    /// After `milliseconds`, with so many samples on each CPU.
    private func look(_ due: inout DueSamples, _ milliseconds: UInt64, _ taken: [UInt64]) -> UInt64 {
        due.look(at: milliseconds * Self.millisecond) { taken[$0] }
        return due.missed
    }

    @Test("the period is whole nanoseconds, as the kernel is given it")
    func period() {
        #expect(DueSamples(hertz: 499).period == 2_004_008)
        #expect(DueSamples(hertz: 10_000).period == 100_000)
    }

    @Test("whole periods since the start less one are due; what was taken of them is not missed")
    func arithmetic() {
        var due = DueSamples(hertz: 499)
        due.begin(cpu: 0, at: 5_000_000_000, taken: 0)
        // 499 periods of 2,004,008 ns are 999,999,992 ns. A nanosecond before, 498 are over and 497 due.
        due.look(at: 5_999_999_991) { _ in 400 }
        #expect(due.missed == 97)
        due.look(at: 5_999_999_992) { _ in 400 }
        #expect(due.missed == 98)
    }

    @Test("a CPU that took all, or all but the one that may be under way, missed none")
    func grace() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 0)
        #expect(look(&due, 100, [100]) == 0)
        #expect(look(&due, 200, [199]) == 0)
        #expect(look(&due, 300, [298]) == 1)
        // Before the first period is over nothing is due, and a timer begun later than `now` owes nothing.
        var young = DueSamples(hertz: 1000)
        young.begin(cpu: 0, at: 10 * Self.millisecond, taken: 0)
        #expect(look(&young, 10, [0]) == 0)
        #expect(look(&young, 9, [0]) == 0)
        #expect(look(&young, 11, [0]) == 0)
        #expect(look(&young, 12, [0]) == 1)
    }

    @Test("CPUs are added up, and one that took more than was due makes up for no other")
    func cpus() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 0)
        due.begin(cpu: 2, at: 50 * Self.millisecond, taken: 0)
        // 99 due and 60 taken; CPU 1 has no timer; 49 due and 80 taken.
        #expect(look(&due, 100, [60, 0, 80]) == 39)
        // 199 due and 160 taken; 149 due and 149 taken.
        #expect(look(&due, 200, [160, 0, 149]) == 39)
        // 299 due and 250 taken; 249 due and 240 taken.
        #expect(look(&due, 300, [250, 0, 240]) == 49 + 9)
    }

    @Test("samples of before the timer are not its own")
    func before() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 250)
        #expect(look(&due, 100, [340]) == 9)
    }

    @Test("a CPU that goes away between two looks is due no more than it took, and keeps what it had missed")
    func offline() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 0)
        due.begin(cpu: 1, at: 0, taken: 0)
        #expect(look(&due, 100, [99, 92]) == 7)
        due.end(cpu: 1)
        // Hours later: of CPU 1's 50 more nobody knows how many were due.
        #expect(look(&due, 10_000_000, [9_999_999, 142]) == 7)
        due.end(cpu: 1)
        #expect(look(&due, 10_000_001, [10_000_000, 142]) == 7, "it is gone only once")
    }

    @Test("a CPU that comes back begins anew")
    func online() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 0)
        #expect(look(&due, 100, [92]) == 7)
        due.end(cpu: 0)
        #expect(look(&due, 5_000, [142]) == 7)
        due.begin(cpu: 0, at: 6_000 * Self.millisecond, taken: 142)
        #expect(look(&due, 6_001, [142]) == 7)
        // 99 due and 97 taken since it came back, and the 7 of before.
        #expect(look(&due, 6_100, [239]) == 9)
        // Begun once more without having been seen to go.
        due.begin(cpu: 0, at: 7_000 * Self.millisecond, taken: 239)
        #expect(look(&due, 7_010, [248]) == 9)
    }

    @Test("the sum never goes back")
    func monotone() {
        var due = DueSamples(hertz: 1000)
        due.begin(cpu: 0, at: 0, taken: 0)
        #expect(look(&due, 100, [90]) == 9)
        // Two late interrupts were served: 109 due, 102 taken.
        #expect(look(&due, 110, [102]) == 9)
        // 119 due, 110 taken; 129 due, 118 taken.
        #expect(look(&due, 120, [110]) == 9)
        #expect(look(&due, 130, [118]) == 11)
    }
}
