import Contention
import Testing

@testable import Report

@Suite struct VerdictWordsTests {
    private func storm() -> LockVerdict {
        var verdict = LockVerdict()
        verdict.cpus = 192
        verdict.spinning = Amount(8.1)
        verdict.waiting = Amount(2.4)
        verdict.walkingAgain = Amount(0.7, .about)
        verdict.semaphoreWaiters = Amount(3.1)
        return verdict
    }

    @Test("a verdict is a word, what is lost to what, and who waits")
    func sentence() {
        let lines = VerdictWords(storm(), nil).lines(width: 80)
        #expect(
            lines == [
                "STORM  ~11.2 of 192 CPUs lost to mount_lock: 8.1 spin, 2.4 wait, ~0.70 walk",
                "       again; 3.1 tasks wait for namespace_sem.",
            ])
    }

    @Test("what is unknown is named, what is sampled says so, who sleeps is no CPU")
    func variants() {
        var verdict = storm()
        verdict.waiting = nil
        verdict.isSampled = true
        verdict.semaphoreWaiters = nil
        #expect(
            VerdictWords(verdict, nil).first
                == ">8.8 of 192 CPUs lost to mount_lock (sampled): 8.1 spin, ~0.70 walk again (wait unknown); waits for "
                + "namespace_sem unknown.")
        var asleep = LockVerdict()
        asleep.sleepers = Amount(1)
        asleep.semaphoreWaiters = Amount(0)
        #expect(VerdictWords(asleep, nil).first == "1.0 task waits for mount_lock; 0 tasks wait for namespace_sem.")
        #expect(VerdictWords(LockVerdict(), nil).lines(width: 80) == ["UNKNOWN waits for namespace_sem unknown."])
    }

    @Test("in few lines the last sentence goes first, and the level stays")
    func few() {
        for width in [50, 60, 80, 120] {
            for most in [1, 2, 3] {
                let lines = VerdictWords(storm(), nil).lines(width: width, atMost: most)
                #expect(lines.count <= most && lines[0].hasPrefix("STORM  "))
                #expect(lines.allSatisfy { $0.count <= width })
            }
        }
    }

    @Test("numbers have two digits at least, and never say 0 of what there is")
    func numbers() {
        let expected: [(Double, Mark, String)] = [
            (0, .exact, "0"), (0, .atLeast, "~0"), (0.0004, .exact, "<0.001"), (0.0004, .about, "~0"),
            (0.0123, .exact, "0.012"), (0.0996, .exact, "0.10"), (0.5, .atLeast, ">0.50"), (0.996, .exact, "1.0"),
            (12.34, .about, "~12.3"), (12_345, .exact, "12,345"),
        ]
        for (value, mark, text) in expected { #expect(VerdictWords.few(Amount(value, mark)) == text, "\(value)") }
    }

    @Test("shares are whole percents that are never 0 or 100 by rounding")
    func shares() {
        #expect([0.001, 0.01, 0.985, 0.9901, 1].map(CostShares.percent) == ["<1 %", "1 %", "99 %", ">99 %", "100 %"])
        let shares = CostShares(of: [("containerd", 0.7), ("runc", 0.2), ("systemd", 0.1)])
        #expect(shares.line(width: 80) == "containerd 70 %  runc 20 %  systemd 10 %")
        #expect(shares.line(width: 30) == "containerd 70 %  2 more")
    }

    @Test("the row's mark stands at its first number that is not exact")
    func marks() {
        var numbers = CostNumbers()
        numbers.rate = Amount(12)
        numbers.time = Amount(2_000_000, .about)
        numbers.p99 = 1000
        numbers.mark = .about
        let cells = CostCells(numbers)
        #expect(
            [cells.rate, cells.time, cells.p50, cells.p99, cells.longest] == ["12.0", "~2.00 ms", "-", "1.00 us", "-"])
        numbers.rate = Amount(0, .atLeast)
        #expect(CostCells(numbers).rate == "~0" && CostCells(numbers).time == "2.00 ms")
    }
}
