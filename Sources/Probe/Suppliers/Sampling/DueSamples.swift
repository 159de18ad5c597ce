/// Samples that were due by the clock and not taken. A pure value: no kernel, no clock.
///
/// A timer of perf's software clock keeps its phase and skips periods that are overdue (kernel/events/core.c,
/// perf_swevent_hrtimer). So each period since its start has one sample, or has missed it.
struct DueSamples {
    /// Nanoseconds from one sample of a CPU to the next.
    let period: UInt64
    /// By CPU.
    private var timers: [Int: Timer] = [:]
    /// Of timers that have ended: what was missed at the latest look at each.
    private var ended: UInt64 = 0
    /// Of all CPUs, ended timers among them. Never goes back.
    private(set) var missed: UInt64 = 0

    private struct Timer {
        /// CLOCK_MONOTONIC, nanoseconds.
        let start: UInt64
        /// Samples that the CPU had taken before it began.
        let before: UInt64
        /// At the latest look.
        var missed: UInt64 = 0
    }

    /// CPUs with a timer.
    var timed: some Collection<Int> { timers.keys }

    /// - Parameter hertz: samples a second on each CPU. The kernel takes a period in whole nanoseconds, so this is one too.
    init(hertz: Int) { period = 1_000_000_000 / UInt64(hertz) }

    /// A CPU's timer has begun, for the first time or anew.
    /// - Parameters:
    ///   - start: CLOCK_MONOTONIC when it ran for sure, nanoseconds.
    ///   - taken: samples of that CPU before it ran.
    mutating func begin(cpu: Int, at start: UInt64, taken: UInt64) {
        end(cpu: cpu)
        timers[cpu] = Timer(start: start, before: taken)
    }

    /// A CPU has gone, and its timer with it, nobody knows when: since the latest look no more was due than was taken.
    mutating func end(cpu: Int) {
        guard let timer = timers.removeValue(forKey: cpu) else { return }
        ended += timer.missed
    }

    /// Takes what has been counted.
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC before the counts were read, nanoseconds.
    ///   - taken: samples of a CPU so far, those before its timer too.
    mutating func look(at now: UInt64, taken: (Int) -> UInt64) {
        var sum = ended
        for (cpu, timer) in timers {
            let due = due(since: timer.start, at: now)
            let all = taken(cpu)
            let got = all - min(timer.before, all)
            let missing = due > got ? due - got : 0
            timers[cpu]?.missed = missing
            sum += missing
        }
        // An interrupt that was under way at one look is done at the next.
        missed = max(missed, sum)
    }

    /// Whole periods but one: the interrupt of the latest may still be under way.
    private func due(since start: UInt64, at now: UInt64) -> UInt64 {
        let periods = now > start ? (now - start) / period : 0
        return periods > 0 ? periods - 1 : 0
    }
}
