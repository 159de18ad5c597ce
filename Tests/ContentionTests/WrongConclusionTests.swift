import Testing

@testable import Contention

/// Comparisons of runs whose truth is known: each once led to a wrong conclusion.
@Suite struct WrongConclusionTests {
    private let gate = Gate(limit: 0.1)

    @Test(
        "a site that one side lacks is left out on both, and named",
        arguments: [Metric.exclusiveAcquires, .readerSpins], [false, true])
    func lackedSite(metric: Metric, isSwapped: Bool) throws {
        let whole = SyntheticRuns.side(isSwapped ? "b" : "a") { run, index in
            run.set(metric, "f", SyntheticRuns.noise(100, index))
            run.set(metric, "g", SyntheticRuns.noise(900, index))
        }
        let lacking = SyntheticRuns.side(isSwapped ? "a" : "b") { run, index in
            run.set(metric, "f", SyntheticRuns.noise(100, index, seed: 2))
            run.set(metric, "g", nil, mode: .unavailable)
        }
        let partly = SyntheticRuns.side(isSwapped ? "a" : "b") { run, index in
            run.set(metric, "f", SyntheticRuns.noise(100, index, seed: 2))
            // As a recording in which one interval of four is not known.
            run.set(metric, "g", index == 3 ? nil : SyntheticRuns.noise(900, index))
        }
        for other in [lacking, partly] {
            let comparison = try SyntheticRuns.compare(isSwapped ? [other, whole] : [whole, other])
            let row = try #require(comparison.row(metric.qualifiedName))
            #expect(row.verdict == .nothingShown)
            #expect(try abs(#require(row.ratio) - 1) < 0.02)
            #expect(row.without == [Omission(site: "g", hasEvents: true)])
            #expect(gate.judge(comparison) != .passed && gate.judge(comparison) != .regression)
        }
    }

    @Test("a function that the other kernel does not have is a difference, and no gap")
    func absentFunction() throws {
        let comparison = try SyntheticRuns.compare([
            SyntheticRuns.side("a") { run, index in
                run.set(.exclusiveAcquires, "f", 100)
                run.set(.exclusiveAcquires, "g", SyntheticRuns.noise(900, index))
            },
            SyntheticRuns.side("b") { run, index in run.set(.exclusiveAcquires, "f", SyntheticRuns.noise(100, index)) },
        ])
        let row = try #require(comparison.row("mount_lock.excl_acquires"))
        #expect(row.verdict == .less && row.without.isEmpty)
    }

    private func holds(_ name: String, _ mean: UInt64, _ edit: (inout RunFacts, Int) -> Void = { _, _ in }) -> RunGroup
    {
        SyntheticRuns.side(name) { run, index in
            run.set(.writeSections, SyntheticRuns.noise(1000, index))
            run.set(.writeHold, 1000, nanoseconds: SyntheticRuns.noise(Double(mean) * 1000, index, seed: 3))
            edit(&run, index)
        }
    }

    @Test("a gate finds a ninefold hold")
    func ninefold() throws {
        let comparison = try SyntheticRuns.compare([holds("a", 500), holds("b", 4500)]) {
            $0.metrics = ["mount_lock.write_hold"]
        }
        #expect(gate.judge(comparison) == .regression)
        let same = try SyntheticRuns.compare([holds("a", 500), holds("b", 500)]) {
            $0.metrics = ["mount_lock.write_hold"]
        }
        #expect(gate.judge(same) == .passed)
    }

    /// Ways in which the new side's holds are not known as the base's are.
    enum Lack: CaseIterable {
        case unavailable, oneInterval, estimated
    }

    @Test(
        "where the new side's holds are not known as the base's are a gate cannot judge, and says why",
        arguments: Lack.allCases)
    func unknownHolds(lack: Lack) throws {
        let new = holds("b", 4500) { run, index in
            switch lack {
            case .unavailable: run.set(.writeHold, nil, mode: .unavailable)
            case .oneInterval: if index == 2 { run.set(.writeHold, nil) }
            case .estimated: run.totals[SeriesKey(.writeHold)]?.mode = .estimated
            }
        }
        for metrics in [["mount_lock.write_hold"], []] {
            let comparison = try SyntheticRuns.compare([holds("a", 500), new]) { $0.metrics = metrics }
            guard case .cannotJudge(let reasons) = gate.judge(comparison) else {
                Issue.record("it judged")
                continue
            }
            let what =
                switch lack {
                case .unavailable: "not measured in all of \"runs/b-0\""
                case .oneInterval: "not measured in all of \"runs/b-2\""
                case .estimated: "exact in \"runs/a-0\", estimated in \"runs/b-0\""
                }
            #expect(reasons == ["mount_lock.write_hold total: \(what)"])
        }
    }

    @Test("a share that is asked for by name is compared, and where no run has it a gate cannot judge")
    func namedShare() throws {
        func side(_ name: String, _ part: Double, hasIt: Bool) -> RunGroup {
            holds(name, 500) { run, index in
                guard hasIt else { return }
                run.totals[SeriesKey(.writeDuty)] = RunTotal(
                    mode: .sampled, count: SyntheticRuns.noise(part, index), whole: 1_000_000, lost: 0)
            }
        }
        func result(_ part: Double, hasIt: Bool) throws -> Gate.Result {
            let comparison = try SyntheticRuns.compare([side("a", 1000, hasIt: hasIt), side("b", part, hasIt: hasIt)]) {
                $0.metrics = ["mount_lock.write_duty"]
            }
            return gate.judge(comparison)
        }
        #expect(try result(9000, hasIt: true) == .regression)
        #expect(try result(1000, hasIt: true) == .passed)
        #expect(try result(1000, hasIt: false) == .cannotJudge(["mount_lock.write_duty: not measured in any run"]))
    }

    /// A load of several kinds whose operations cost the same on both sides: a remount 1 section, a bind 5 and 3 exclusive
    /// ones, a scan and a getcwd 2 exclusive ones, a lookup in ten and a printed path in five a retry.
    private func load(
        _ name: String, binds: Double = 100, lookups: Double = 100_000, scans: Double = 200, cost: Double = 1
    ) -> RunGroup {
        SyntheticRuns.side(name) { run, index in
            func count(_ mean: Double, _ seed: UInt64) -> UInt64 { SyntheticRuns.noise(mean, index, seed: seed) }
            let done = [
                "bind": count(binds, 11), "remount": count(300, 12), "stat": count(lookups, 13),
                "open": count(50_000, 14), "mountinfo": count(scans, 15), "getcwd": count(500, 16),
            ]
            run.workload = WorkloadCounts(operations: done)
            func sum(_ costs: [String: Double]) -> UInt64 {
                UInt64(costs.reduce(0) { $0 + $1.value * cost * Double(done[$1.key] ?? 0) })
            }
            run.set(.writeSections, sum(["bind": 5, "remount": 1]))
            run.set(.exclusiveAcquires, "prepend_path", sum(["mountinfo": 2, "getcwd": 2]))
            run.set(.exclusiveAcquires, "mntput", sum(["bind": 3]))
            run.set(.readRetries, "lookup", sum(["stat": 0.1, "open": 0.1]))
            run.set(.readRetries, "d_path", sum(["mountinfo": 0.2, "getcwd": 0.2]))
        }
    }

    @Test(
        "doing more of one kind of operation in the same time does not look worse, nor better", arguments: [1.0, 2, 3])
    func moreOperations(factor: Double) throws {
        let base = load("a")
        for new in [
            load("b", binds: 100 * factor), load("b", lookups: 100_000 * factor), load("b", scans: 200 * factor),
            load("b", binds: 100 * factor, lookups: 100_000 * factor, scans: 200 * factor),
        ] {
            let comparison = try SyntheticRuns.compare([base, new])
            for row in comparison.sides[0].rows { #expect(row.verdict == .nothingShown, "\(row.measure.title)") }
            #expect(comparison.sides[0].rows.count == 4)
            #expect(gate.judge(comparison) == .passed)
        }
    }

    @Test("what each operation costs more is found, also where more of one kind are done")
    func dearerOperations() throws {
        for new in [load("b", cost: 1.5), load("b", binds: 110, scans: 220, cost: 1.5)] {
            let comparison = try SyntheticRuns.compare([load("a"), new])
            for row in comparison.sides[0].rows { #expect(row.verdict == .more, "\(row.measure.title)") }
            #expect(gate.judge(comparison) == .regression)
        }
        let sections = try #require(
            try SyntheticRuns.compare([load("a"), load("b", cost: 1.5)]).row("mount_lock.write_sections"))
        #expect(sections.measure.per == .mountOperation && sections.kind == nil)
        #expect(try abs(#require(sections.ratio) - 1.5) < 0.02)
        let divided = try #require(
            try SyntheticRuns.compare([load("a"), load("b", binds: 200, cost: 3)]).row("mount_lock.write_sections"))
        #expect(divided.kind == "bind" && divided.verdict == .more)
    }

    @Test("retries of printed paths are against operations that print paths, others against lookups")
    func causes() throws {
        let comparison = try SyntheticRuns.compare([load("a"), load("b")])
        #expect(comparison.row("mount_lock.read_retries[d_path]")?.measure.per == .millionPrints)
        #expect(comparison.row("mount_lock.read_retries[lookup]")?.measure.per == .millionLookups)
        #expect(comparison.row("mount_lock.excl_acquires")?.measure.per == .exclusiveOperation)
    }

    private func waits(_ name: String, _ count: Double, each: Double) -> RunGroup {
        SyntheticRuns.side(name) { run, index in
            run.workload = WorkloadCounts(operations: ["bind": 1000])
            let number = count == 0 ? 0 : max(1, SyntheticRuns.noise(count, index))
            run.set(
                .lockWait, "write", number, nanoseconds: UInt64(Double(number) * each) + UInt64(count == 0 ? 0 : index))
        }
    }

    @Test("more and shorter waits are worse, whatever their mean says")
    func moreWaits() throws {
        let comparison = try SyntheticRuns.compare([waits("a", 100, each: 100_000), waits("b", 100_000, each: 50_000)])
        #expect(comparison.row("mount_lock.lock_wait number")?.verdict == .more)
        #expect(comparison.row("mount_lock.lock_wait total")?.verdict == .more)
        let mean = try #require(comparison.row("mount_lock.lock_wait mean"))
        #expect(mean.verdict == .untested && !mean.isGated)
        #expect(try abs(#require(mean.ratio) - 0.5) < 0.01)
        #expect(gate.judge(comparison) == .regression)
    }

    @Test("waits that rise from nothing are worse")
    func newWaits() throws {
        let comparison = try SyntheticRuns.compare([waits("a", 0, each: 0), waits("b", 10_000, each: 1e9)])
        let number = try #require(comparison.row("mount_lock.lock_wait number"))
        #expect(number.verdict == .more && number.ratio == nil)
        #expect(gate.judge(comparison) == .regression)
        // The mean of no waits is not compared, under its own name.
        #expect(comparison.sides[0].leftOut.map(\.measure.title).contains("mount_lock.lock_wait mean"))
        #expect(!comparison.sides[0].leftOut.map(\.measure.title).contains("mount_lock.lock_wait number"))
    }

    @Test("one run that holds nearly all does not turn the ratio against the verdict")
    func oneEstimator() throws {
        func side(_ name: String, _ counts: [UInt64]) -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                run.hasCommand = true
                run.set(.writeSections, counts[index])
            }
        }
        let comparison = try SyntheticRuns.compare([
            side("a", [1000, 0, 0, 0, 0, 0, 0, 0]), side("b", [1, 1, 1, 1, 1, 1, 1, 1]),
        ])
        let row = try #require(comparison.row("mount_lock.write_sections"))
        #expect(row.verdict == .more && row.shift == 1 && row.ratio == nil)
        #expect(row.isContradictedByMeans)
        let turned = try #require(
            try SyntheticRuns.compare([
                side("a", [1, 1, 1, 1, 1, 1, 1, 1]), side("b", [1000, 0, 0, 0, 0, 0, 0, 0]),
            ]).row("mount_lock.write_sections"))
        #expect(turned.verdict == .less && turned.shift == -1 && turned.ratio == 0)
        #expect(try #require(turned.interval).upper < 1)
    }

    @Test("verdict, ratio and interval never contradict each other")
    func noContradiction() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<40 {
            let values = (0..<2).map { side in
                (0..<7).map { _ in UInt64.random(in: 0...UInt64(4 + 4 * side), using: &generator) }
            }
            let groups = zip(["a", "b"], values).map { name, counts in
                SyntheticRuns.side(name, count: 7) { run, index in
                    run.hasCommand = true
                    run.set(.writeSections, counts[index])
                }
            }
            guard let row = try SyntheticRuns.compare(groups).row("mount_lock.write_sections") else { continue }
            switch row.verdict {
            case .more:
                #expect(
                    row.shift >= 0 && (row.ratio ?? .infinity) >= 1 && !(row.interval?.holdsOne ?? false), "\(values)")
            case .less:
                #expect(row.shift <= 0 && (row.ratio ?? 0) <= 1 && !(row.interval?.holdsOne ?? false), "\(values)")
            case .nothingShown: #expect(row.p ?? 1 >= 0.05 || (row.interval?.holdsOne ?? true), "\(values)")
            case .untested: Issue.record("untested")
            }
        }
    }

    @Test("runs in blocks are told first, and a gate judges them only where that is allowed")
    func blockedOrder() throws {
        func side(_ name: String, from start: Int64) -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                run.start = start + Int64(index)
                run.hasCommand = true
                run.set(.writeSections, UInt64(1000 + start * 10 + Int64(index)))
            }
        }
        let blocked = try SyntheticRuns.compare([side("a", from: 0), side("b", from: 100)])
        #expect(blocked.sides[0].order == .blocked(changes: 1))
        guard case .cannotJudge(let reasons) = gate.judge(blocked) else {
            Issue.record("it judged")
            return
        }
        #expect(reasons.count == 1 && reasons[0].hasPrefix("the sides changed only once from run to run"))
        #expect(Gate(limit: 0.1, allowsBlocked: true).judge(blocked) == .regression)
        let mixed = try SyntheticRuns.compare([
            SyntheticRuns.side("a") { run, _ in run.set(.writeSections, 5) },
            SyntheticRuns.side("b") { run, _ in run.set(.writeSections, 5) },
        ])
        #expect(mixed.sides[0].order == .mixed)
        let undated = try SyntheticRuns.compare([
            SyntheticRuns.side("a") { run, _ in run.set(.writeSections, 5) },
            SyntheticRuns.side("b") { run, index in
                run.set(.writeSections, 5)
                if index == 0 { run.start = nil }
            },
        ])
        #expect(undated.sides[0].order == .unknown && gate.judge(undated) != .passed)
    }

    @Test("runs that were probed in other ways are refused, and an older run that does not say is named")
    func probing() throws {
        func side(_ name: String, _ edit: (inout RunFacts) -> Void = { _ in }) -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                run.set(.writeSections, SyntheticRuns.noise(1000, index))
                run.totals[SeriesKey(.writeDuty)] = RunTotal(mode: .sampled, count: 10, whole: 1000, lost: 0)
                run.mounts = 20
                edit(&run)
            }
        }
        for (condition, value) in [(Condition.attach, "cold"), (.budget, "off")] {
            let other = side("b") { $0.conditions[condition] = value }
            #expect(throws: ComparisonError.self, "\(condition)") { try SyntheticRuns.compare([side("a"), other]) }
            let older = try SyntheticRuns.compare([side("a"), side("b") { $0.conditions[condition] = nil }])
            #expect(
                older.remarks.map(\.reason) == [
                    "\"runs/b-0\" does not say its \(condition.rawValue): an older version recorded it"
                ])
        }
        let rates = try SyntheticRuns.compare([side("a"), side("b") { $0.conditions[.sampleRate] = "99" }]) {
            $0.isDetailed = true
        }
        #expect(rates.row("mount_lock.write_sections") != nil && rates.row("mount_lock.write_duty") == nil)
        let reason = "--sample-hz is 499 in \"runs/a-0\", 99 in \"runs/b-0\""
        #expect(rates.sides[0].leftOut.contains { $0.measure.metric == .writeDuty && $0.reason == reason })
        let others = try SyntheticRuns.compare([
            side("a"),
            side("b") {
                $0.conditions[.interval] = "10000000 ns"
                $0.mounts = 20_000
            },
        ])
        #expect(
            others.remarks.map(\.reason) == [
                "the --interval differs: \"1000000000 ns\" in \"runs/a-0\", \"10000000 ns\" in \"runs/b-0\"",
                "the mounts in the recorder's namespace differ: 20 in a, 20000 in b",
            ])
    }

    @Test("with fewer than six runs a side there is no interval and no verdict", arguments: [1, 2, 3, 5])
    func fewRuns(count: Int) throws {
        let comparison = try SyntheticRuns.compare([
            SyntheticRuns.side("a", count: count) { run, index in run.set(.writeSections, 1000 + UInt64(index)) },
            SyntheticRuns.side("b", count: count) { run, index in run.set(.writeSections, 1100 + UInt64(index)) },
        ])
        let row = try #require(comparison.row("mount_lock.write_sections"))
        #expect(row.interval == nil && row.verdict == .untested && row.detectable == nil)
        #expect(try abs(#require(row.ratio) - 1.1) < 0.01)
        guard case .cannotJudge = gate.judge(comparison) else {
            Issue.record("it judged")
            return
        }
    }

    @Test("a difference that is found is not the same as none, and alike is shown only within the margin")
    func same() throws {
        func side(_ name: String, _ mean: Double, spread: Double) -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                let step = Double((index * 5) % 8 - 4)
                run.set(.writeSections, UInt64(mean * (1 + spread * step)))
            }
        }
        func row(_ mean: Double, spread: Double) throws -> ComparedRow {
            let groups = [side("a", 1e6, spread: spread), side("b", mean, spread: spread)]
            return try #require(
                try SyntheticRuns.compare(groups) { $0.sameWithin = 0.05 }.row("mount_lock.write_sections"))
        }
        let alike = try row(1.001e6, spread: 0.002)
        #expect(alike.verdict == .nothingShown && alike.isSame == true)
        let noisy = try row(1.001e6, spread: 0.1)
        #expect(noisy.verdict == .nothingShown && noisy.isSame == false)
        #expect(try #require(alike.detectable) < 1.02)
        #expect(try #require(noisy.detectable) > 1.3)
        let apart = try row(1.2e6, spread: 0.002)
        #expect(apart.verdict == .more && apart.isSame == false)
        let little = try row(1.02e6, spread: 0.002)
        #expect(little.verdict == .more && little.isSame == true)
    }

    @Test("where commands are what differs, a run of each is what is compared")
    func commands() throws {
        func side(_ name: String, _ sections: Double, kernel: String = "6.12") -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                run.hasCommand = true
                run.conditions[.command] = name
                run.conditions[.kernelRelease] = kernel
                run.workload = WorkloadCounts(operations: ["remount": UInt64(sections)])
                run.set(.writeSections, SyntheticRuns.noise(sections, index))
            }
        }
        let compared: [Set<Condition>] = [Condition.kernel, [.command]]
        let comparison = try SyntheticRuns.compare([side("a", 2000), side("b", 200)]) { $0.compared = compared }
        let row = try #require(comparison.row("mount_lock.write_sections"))
        #expect(row.measure.per == .run && row.verdict == .less)
        #expect(try abs(#require(row.ratio) - 0.1) < 0.01)
        #expect(throws: ComparisonError.self) {
            try SyntheticRuns.compare([side("a", 2000), side("b", 200, kernel: "7.3")]) { $0.compared = compared }
        }
    }

    @Test("what the load did not count is divided by the run of the command, or by CPU seconds")
    func fallbacks() throws {
        func per(hasCommand: Bool) throws -> Denominator? {
            func side(_ name: String) -> RunGroup {
                SyntheticRuns.side(name) { run, index in
                    run.hasCommand = hasCommand
                    run.set(.writeSections, SyntheticRuns.noise(800, index))
                }
            }
            let row = try SyntheticRuns.compare([side("a"), side("b")]).row("mount_lock.write_sections")
            if !hasCommand { #expect(try abs(#require(row).baseMedian - 100) < 1) }
            return row?.measure.per
        }
        #expect(try per(hasCommand: true) == .run)
        #expect(try per(hasCommand: false) == .cpuSecond)
    }

    @Test("a load that did not keep its rate is named")
    func missedRate() throws {
        func side(_ name: String, done: UInt64) -> RunGroup {
            SyntheticRuns.side(name) { run, index in
                run.set(.writeSections, SyntheticRuns.noise(800, index))
                run.workload = WorkloadCounts(operations: ["bind": done], due: ["bind": 1000])
            }
        }
        #expect(try SyntheticRuns.compare([side("a", done: 1000), side("b", done: 1000)]).remarks.isEmpty)
        #expect(
            try SyntheticRuns.compare([side("a", done: 1000), side("b", done: 812)]).remarks.map(\.reason) == [
                "\"runs/b-0\" did not keep its rate: 812 of 1000 operations of bind"
            ])
    }
}
