import Contention
import Testing

@testable import Probe

@Suite("What mountscope itself costs") struct OwnCostTests {
    private static let second: UInt64 = 1_000_000_000

    private func kprobe(_ name: String, _ hits: UInt64) -> AttachedProgram {
        let group = LockSite.Program(rawValue: name)?.group ?? FunctionPrograms.groups[name]
        return AttachedProgram(name: name, kind: .kprobe, hits: hits, group: group)
    }

    private func tracing(_ name: String, _ hits: UInt64) -> AttachedProgram {
        AttachedProgram(name: name, kind: .tracing, hits: hits)
    }

    @Test("a run is priced by its kind")
    func byKind() {
        let prices = ProbePrices.assumed
        #expect(prices.cost(kprobe("m_start", 10)) == 10 * prices.kprobe)
        #expect(prices.cost(tracing("handle_dots", 10)) == 10 * prices.tracing)
        #expect(prices.cost(AttachedProgram(name: "call_entered", kind: .call, hits: 10)) == 10 * prices.tracing)
    }

    @Test("only what was spent since the last look counts, of the time of all CPUs")
    func sinceTheLastLook() {
        // One percent of two CPUs for a second is 20 ms: 40,000 runs at 500 ns.
        var account = BudgetController(prices: .assumed, budget: .standard)
        #expect(look(&account, cpus: 2, [("reader_paused", [1_000_000, 1_040_000, 1_080_000, 1_120_000])]) == [])
        var dearer = BudgetController(prices: .assumed, budget: .standard)
        #expect(
            look(&dearer, cpus: 2, [("reader_paused", [1_000_000, 1_040_001, 1_080_002, 1_120_003])])
                == ["reader_paused"])
    }

    @Test("why a program was taken off is told: when, its share, the budget, and how to keep it")
    func reason() {
        var account = BudgetController(prices: .assumed, budget: ProbeBudget(share: 0.005))
        _ = look(&account, cpus: 1, [("reader_paused", [0, 46_100, 92_200, 138_300])])
        #expect(
            account.withdrawn == [
                "reader_paused":
                    "taken off after 3.0 s: its probes took 2.31 % of all CPU time, all together 2.31 %, --budget allows "
                    + "0.50 %; --budget off keeps them"
            ])
    }

    @Test("programs that count nonsense alone are taken off together, and once")
    func together() {
        var account = BudgetController(prices: .assumed, budget: .standard)
        let busy = [0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000, 105_000] as [UInt64]
        let calm = [0, 10, 20, 30, 40, 50, 60, 70] as [UInt64]
        let taken = look(&account, cpus: 1, [("write_acquired", busy), ("write_left", busy), ("m_stop", calm)])
        #expect(taken == ["write_acquired", "write_left"])
        #expect(Set(account.withdrawn.keys) == ["write_acquired", "write_left"])
    }

    @Test("a program of no group goes alone")
    func alone() {
        var account = BudgetController(prices: .assumed, budget: .standard)
        let busy = [0, 1_000_000, 2_000_000, 3_000_000] as [UInt64]
        #expect(look(&account, cpus: 1, [("path_lookupat", busy), ("m_stop", [0, 10, 20, 30])]) == ["path_lookupat"])
    }

    @Test("no burst of less than three seconds, however dear, takes a program off; a storm does, and when it goes on")
    func burst() {
        // Whether each second has a million runs; the third are bursts with a calm second between them.
        let calm: [[Bool]] = [
            [true, false, false, false, false], [true, true, false, false, false, true, true, false],
            (0..<40).map { $0 % 3 != 2 },
        ]
        for seconds in calm {
            var account = BudgetController(prices: .assumed, budget: .standard)
            #expect(look(&account, cpus: 1, [("lock_contended", Self.sums(seconds))]) == [])
        }
        var storm = BudgetController(prices: .assumed, budget: .standard)
        #expect(look(&storm, cpus: 1, [("lock_contended", Self.sums([true, true, true]))]) == ["lock_contended"])
    }

    @Test("looks that follow one another faster than once a second are one stretch, and none is forgotten")
    func shortLooks() {
        var account = BudgetController(prices: .assumed, budget: .standard)
        var taken: [String] = []
        for look in 0...UInt64(30) {
            let hits = look * 9_000
            taken += account.audit([kprobe("reader_paused", hits)], at: Self.second + look * 100_000_000, cpus: 1)
            #expect(taken.isEmpty || look == 30)
        }
        #expect(taken == ["reader_paused"])
    }

    @Test("without a budget nothing is taken off, and a counter that went back costs nothing")
    func withoutBudget() {
        var generous = BudgetController(prices: .assumed, budget: nil)
        _ = generous.audit([kprobe("reader_paused", 0)], at: Self.second, cpus: 1)
        #expect(generous.audit([kprobe("reader_paused", .max / 1024)], at: 2 * Self.second, cpus: 1) == [])
        var strict = BudgetController(prices: .assumed, budget: .standard)
        _ = strict.audit([kprobe("reader_paused", 5_000_000)], at: Self.second, cpus: 1)
        #expect(strict.audit([kprobe("reader_paused", 4)], at: 2 * Self.second, cpus: 1) == [])
    }

    /// The runs so far, before and after each second.
    private static func sums(_ seconds: [Bool]) -> [UInt64] {
        var sums: [UInt64] = [0]
        for isBusy in seconds { sums.append((sums.last ?? 0) + (isBusy ? 1_000_000 : 0)) }
        return sums
    }

    /// A look a second: each program's runs so far at each of them.
    private func look(_ account: inout BudgetController, cpus: Int, _ programs: [(String, [UInt64])]) -> [String] {
        var taken: [String] = []
        for moment in programs[0].1.indices {
            let now = programs.map { name, hits in
                name == "path_lookupat" ? tracing(name, hits[moment]) : kprobe(name, hits[moment])
            }
            taken += account.audit(now, at: UInt64(moment + 1) * Self.second, cpus: cpus)
        }
        return taken
    }

    @Test("every program that is grouped is one that can be attached")
    func names() {
        var account = BudgetController(prices: .assumed, budget: ProbeBudget(share: 0))
        let all = FunctionPrograms.all + LockSite.Program.allCases.map(\.rawValue)
        _ = account.audit(all.map { kprobe($0, 0) }, at: Self.second, cpus: 1)
        var taken: [String] = []
        for second in 2...UInt64(4) {
            taken += account.audit(all.map { kprobe($0, second) }, at: second * Self.second, cpus: 1)
        }
        #expect(taken.sorted() == all.sorted(), "each is in one group, or alone")
        #expect(Set(FunctionPrograms.groups.keys).isSubset(of: FunctionPrograms.all))
        #expect(
            LockSite.Program.lockContended.group == "lock_contended"
                && LockSite.Program.readerPaused.group == "reader_paused")
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

    @Test("prices that cannot be are assumed, or bounded")
    func bounded() {
        let faster = ProbePrices(before, PriceTrial(toggle: 500, walk: 700), kprobeHits: calls, tracingHits: calls)
        #expect(faster == .assumed)
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

    @Test("a trial that a busy machine hides, or a storm dilutes, gives twice what the kernel timed of the programs")
    func hidden() {
        let timed = RunTime(runs: 1_000, nanoseconds: 400_000)
        func price(_ toggle: Double, hits: UInt64) -> Double {
            ProbePrices(
                before, PriceTrial(toggle: toggle, walk: 800), kprobeHits: hits, tracingHits: calls, kprobeTime: timed
            ).kprobe
        }
        #expect(price(1_900, hits: calls) == 900)
        #expect(price(900, hits: calls) == 800, "calls became faster")
        #expect(price(1_900, hits: 100 * calls) == 800, "most hits are those of others")
        #expect(price(1_900, hits: 0) == 800)
        #expect(RunTime(runs: 5, nanoseconds: 9).since(RunTime(runs: 5, nanoseconds: 9)) == nil)
        #expect(RunTime(runs: 6, nanoseconds: 29).since(RunTime(runs: 5, nanoseconds: 9))?.mean == 20)
    }

    @Test("a trial times walks on every machine")
    func trial() {
        let walk = PriceTrial.run().walk
        #expect(walk > 0 && walk.isFinite)
    }
}
