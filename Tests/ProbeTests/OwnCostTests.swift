import Contention
import Testing

@testable import Probe

@Suite("What mountscope itself costs") struct OwnCostTests {
    private static let second: UInt64 = 1_000_000_000

    private func kprobe(_ name: String, _ hits: UInt64) -> OwnAccount.Program {
        OwnAccount.Program(name: name, isKprobe: true, hits: hits)
    }

    private func tracing(_ name: String, _ hits: UInt64) -> OwnAccount.Program {
        OwnAccount.Program(name: name, isKprobe: false, hits: hits)
    }

    @Test("a run is priced by its kind")
    func byKind() {
        let account = OwnAccount(prices: .assumed, budget: nil)
        #expect(account.cost(kprobe("m_start", 10)) == 10 * ProbePrices.assumed.kprobe)
        #expect(account.cost(tracing("handle_dots", 10)) == 10 * ProbePrices.assumed.tracing)
    }

    @Test("only what was spent since the last look counts, of the time of all CPUs")
    func sinceTheLastLook() {
        // One percent of two CPUs for a second is 20 ms: 40,000 runs at 500 ns.
        var account = OwnAccount(prices: .assumed, budget: .standard)
        #expect(account.audit([kprobe("reader_paused", 1_000_000)], at: Self.second, cpus: 2) == [])
        #expect(account.audit([kprobe("reader_paused", 1_040_000)], at: 2 * Self.second, cpus: 2) == [])
        #expect(account.audit([kprobe("reader_paused", 1_080_001)], at: 3 * Self.second, cpus: 2) == ["reader_paused"])
        #expect(account.snapshots == 3)
    }

    @Test("why a program was taken off is told: when, its share, the budget, and how to keep it")
    func reason() {
        var account = OwnAccount(prices: .assumed, budget: ProbeBudget(share: 0.005))
        _ = account.audit([kprobe("reader_paused", 0)], at: Self.second, cpus: 1)
        _ = account.audit([kprobe("reader_paused", 46_100)], at: 2 * Self.second, cpus: 1)
        #expect(
            account.withdrawn == [
                "reader_paused":
                    "taken off after 1.0 s: its probes took 2.31 % of all CPU time, all together 2.31 %, --budget allows "
                    + "0.50 %; --budget off keeps them"
            ])
    }

    @Test("programs that count nonsense alone are taken off together, and once")
    func together() {
        var account = OwnAccount(prices: .assumed, budget: .standard)
        let names = ["write_acquired", "write_left", "m_stop"]
        _ = account.audit(names.map { kprobe($0, 0) }, at: Self.second, cpus: 1)
        let busy = [kprobe("write_acquired", 15_000), kprobe("write_left", 15_000), kprobe("m_stop", 10)]
        #expect(account.audit(busy, at: 2 * Self.second, cpus: 1) == ["write_acquired", "write_left"])
        let later = [kprobe("write_acquired", 90_000), kprobe("write_left", 90_000), kprobe("m_stop", 20)]
        #expect(account.audit(later, at: 3 * Self.second, cpus: 1) == [], "they are gone already")
        #expect(Set(account.withdrawn.keys) == ["write_acquired", "write_left"])
    }

    @Test("a program of no group goes alone")
    func alone() {
        var account = OwnAccount(prices: .assumed, budget: .standard)
        _ = account.audit([tracing("path_lookupat", 0), kprobe("m_stop", 0)], at: Self.second, cpus: 1)
        let busy = [tracing("path_lookupat", 1_000_000), kprobe("m_stop", 10)]
        #expect(account.audit(busy, at: 2 * Self.second, cpus: 1) == ["path_lookupat"])
    }

    @Test("a burst within a fifth of a second is no storm yet, but is not forgotten")
    func burst() {
        var account = OwnAccount(prices: .assumed, budget: .standard)
        _ = account.audit([kprobe("reader_paused", 0)], at: Self.second, cpus: 1)
        #expect(account.audit([kprobe("reader_paused", 90_000)], at: Self.second + 199_999_999, cpus: 1) == [])
        #expect(
            account.audit([kprobe("reader_paused", 90_000)], at: Self.second + 200_000_000, cpus: 1)
                == ["reader_paused"])
    }

    @Test("without a budget nothing is taken off, and a counter that went back costs nothing")
    func withoutBudget() {
        var generous = OwnAccount(prices: .assumed, budget: nil)
        _ = generous.audit([kprobe("reader_paused", 0)], at: Self.second, cpus: 1)
        #expect(generous.audit([kprobe("reader_paused", .max / 1024)], at: 2 * Self.second, cpus: 1) == [])
        var strict = OwnAccount(prices: .assumed, budget: .standard)
        _ = strict.audit([kprobe("reader_paused", 5_000_000)], at: Self.second, cpus: 1)
        #expect(strict.audit([kprobe("reader_paused", 4)], at: 2 * Self.second, cpus: 1) == [])
    }

    @Test("every program that is grouped is one that can be attached")
    func names() {
        var account = OwnAccount(prices: .assumed, budget: ProbeBudget(share: 0))
        let all = Attacher.allPrograms + LockSite.Program.allCases.map(\.rawValue)
        _ = account.audit(all.map { kprobe($0, 0) }, at: Self.second, cpus: 1)
        let taken = account.audit(all.map { kprobe($0, 1) }, at: 2 * Self.second, cpus: 1)
        #expect(taken.sorted() == all.sorted(), "each is in one group, or alone")
    }
}

@Suite("What a run of a program costs") struct ProbePriceTests {
    private let before = PriceTrial(toggle: 1_000, walk: 800)
    private let calls = UInt64(PriceTrial.calls)

    @Test("the price is what the calls became slower, over the runs in them")
    func price() {
        // Two kprobes in every toggle, one fexit program in every walk.
        let prices = ProbePrices(
            before, PriceTrial(toggle: 1_600, walk: 870), kprobeHits: 2 * calls, tracingHits: calls)
        #expect(prices.kprobe == 300 && prices.tracing == 70)
    }

    @Test("prices that cannot be are bounded")
    func bounded() {
        let faster = ProbePrices(before, PriceTrial(toggle: 500, walk: 700), kprobeHits: calls, tracingHits: calls)
        #expect(faster.kprobe == ProbePrices.plausible.lowerBound && faster.tracing == ProbePrices.plausible.lowerBound)
        let slow = ProbePrices(before, PriceTrial(toggle: 1e9, walk: 1e9), kprobeHits: calls, tracingHits: calls)
        #expect(slow.kprobe == ProbePrices.plausible.upperBound && slow.tracing == ProbePrices.plausible.upperBound)
    }

    @Test("where the calls cannot be made or meet no probe, prices are assumed")
    func assumed() {
        let impossible = PriceTrial(toggle: nil, walk: 800)
        #expect(
            ProbePrices(impossible, impossible, kprobeHits: calls, tracingHits: calls / 2).kprobe
                == ProbePrices.assumed.kprobe)
        let after = PriceTrial(toggle: 2_000, walk: 2_000)
        #expect(ProbePrices(before, after, kprobeHits: calls / 2, tracingHits: 0) == .assumed)
        #expect(
            ProbePrices(before, after, kprobeHits: calls / 2 + 1, tracingHits: 0).kprobe != ProbePrices.assumed.kprobe)
    }

    @Test("a trial times walks on every machine")
    func trial() {
        let walk = PriceTrial.run().walk
        #expect(walk > 0 && walk.isFinite)
    }
}
