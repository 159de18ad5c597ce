import Testing

@testable import Contention

@Suite struct ComparisonTests {
    /// Runs of a made-up load: `sections` write sections an operation, `retries` a million lookups.
    private func group(
        _ name: String, sections: [Double], retries: [Double], edit: (inout RunFacts) -> Void = { _ in }
    ) -> RunGroup {
        RunGroup(
            name: name,
            runs: zip(sections, retries).enumerated().map { index, values in
                var run = RunFacts(id: "\(name)-\(index)", name: "runs/\(name)-\(index)")
                run.conditions = [.cpuModel: "made up", .bootFlags: "quiet", .kernelRelease: name]
                run.workload = WorkloadCounts(operations: ["bind": 1000, "stat": 500_000, "open": 500_000], mounts: 20)
                run.totals = [
                    SeriesKey(.writeSections): RunTotal(mode: .exact, count: UInt64(values.0 * 1000), lost: 0),
                    SeriesKey(.readRetries, site: "walk"): RunTotal(mode: .exact, count: UInt64(values.1), lost: 0),
                    SeriesKey(.readRetries, site: "d_path"): RunTotal(mode: .exact, count: 0, lost: 0),
                    SeriesKey(.readRetries, site: "dotdot"): RunTotal(mode: .unavailable),
                    SeriesKey(.exclusiveAcquires, site: "f_\(name)"): RunTotal(mode: .exact, count: 500, lost: 0),
                    SeriesKey(.readHold, site: "mountinfo"): RunTotal(
                        mode: .exact, count: 100, nanoseconds: 5000 + UInt64(index), lost: 0),
                ]
                edit(&run)
                return run
            })
    }

    private func compare(
        _ groups: [RunGroup], options: ComparisonOptions = ComparisonOptions()
    ) throws(ComparisonError) -> Comparison {
        try Comparison(groups, options: options)
    }

    private let five = [5.0, 5, 5, 5, 5, 5]
    private let noise = [900.0, 950, 1000, 1050, 1100, 1150]

    private func row(_ name: String, _ comparison: Comparison) throws -> ComparedRow {
        try #require(comparison.sides[0].rows.first { $0.measure.title == name })
    }

    @Test("a count that is exactly four instead of five is shown, with its ratio")
    func exactCounts() throws {
        let comparison = try compare([
            group("6.12", sections: five, retries: noise), group("6.18", sections: five.map { $0 - 1 }, retries: noise),
        ])
        let sections = try row("mount_lock.write_sections", comparison)
        #expect(sections.measure.per == .mountOperation)
        #expect(sections.baseMedian == 5 && sections.newMedian == 4 && sections.shift == -1)
        #expect(try abs(#require(sections.ratio) - 0.8) < 1e-12)
        #expect(sections.verdict == .less)
        let retries = try row("mount_lock.read_retries[walk]", comparison)
        #expect(retries.verdict == .nothingShown)
        #expect(retries.p == 1)
        #expect(retries.measure.per == .millionLookups && retries.baseMedian == 1025)
    }

    @Test("what never happened and what is the same everywhere costs the other tests nothing")
    func family() throws {
        let side = try compare([
            group("a", sections: five, retries: noise), group("b", sections: five, retries: noise.map { $0 * 3 }),
        ]).sides[0]
        #expect(side.silent.map(\.name) == ["mount_lock.read_retries[d_path]"])
        // Retries; sections and exclusive holders are constant, a mean has no test, and holds have nothing to divide by.
        #expect(side.tests == 1)
        let retries = try #require(side.rows.first { $0.measure.name == "mount_lock.read_retries[walk]" })
        #expect(retries.rawP == MannWhitney.leastP(6, 6))
        #expect(retries.p == MannWhitney.leastP(6, 6))
        #expect(retries.verdict == .more)
    }

    @Test("functions of different names are compared together, sites that a run lacks are left out with the reason")
    func sites() throws {
        let comparison = try compare([
            group("a", sections: five, retries: noise), group("b", sections: five, retries: noise),
        ])
        #expect(try row("mount_lock.excl_acquires", comparison).baseMedian == 0.5)
        let dotdot = try #require(
            comparison.sides[0].leftOut.first { $0.measure.name == "mount_lock.read_retries[dotdot]" })
        #expect(dotdot.cause == .nowhere && dotdot.reason == "not measured in any run")
    }

    @Test("with fewer than six runs a side there are ratios and no verdict")
    func fewRuns() throws {
        let side = try compare([
            group("a", sections: [5, 5], retries: [1, 2]), group("b", sections: five, retries: noise),
        ]).sides[0]
        #expect(!side.isTested)
        #expect(side.tests == 0)
        #expect(side.rows.allSatisfy { $0.verdict == .untested && $0.p == nil })
        #expect(side.rows.first?.ratio == 1)
    }

    @Test("six runs a side are hopeless for more tests than the least p allows")
    func hopeless() throws {
        let side = try compare([
            group("a", sections: five, retries: noise), group("b", sections: five, retries: noise.reversed()),
        ]).sides[0]
        #expect(side.isTested && !side.isHopeless)
        #expect(MannWhitney.leastP(6, 6) * 23 < Comparison.level)
        #expect(MannWhitney.leastP(6, 6) * 24 > Comparison.level)
        // No kernel has both spinning and blocking readers.
        let tested = MeasureTable.primary.filter { $0.isDirected && $0.metric.name != "reader_wait" }
        #expect(tested.flatMap(\.sites).count <= 23)
    }

    @Test("a rise from nothing is a regression beyond any limit")
    func riseFromNothing() throws {
        let comparison = try compare([
            group("a", sections: five, retries: [0, 0, 0, 0, 0, 0]), group("b", sections: five, retries: noise),
        ])
        let retries = try row("mount_lock.read_retries[walk]", comparison)
        #expect(retries.ratio == nil && retries.interval?.lower == .infinity)
        #expect(retries.verdict == .more)
        #expect(comparison.regressions(beyond: 100).map(\.row.measure.name) == ["mount_lock.read_retries[walk]"])
    }

    @Test("only what is shown to be worse by more than the limit is a regression")
    func regressions() throws {
        let comparison = try compare([
            group("a", sections: five, retries: noise),
            group("b", sections: five.map { $0 + 1 }, retries: noise.map { $0 + 20 }),
        ])
        #expect(comparison.regressions(beyond: 0.1).map(\.row.measure.name) == ["mount_lock.write_sections"])
        #expect(comparison.regressions(beyond: 0.25).isEmpty)
    }

    @Test(
        "runs that differ in more than the kernel are refused with the reason",
        arguments: [Condition.cpuModel, .bootFlags, .command, .onlineCPUs, .toolVersion])
    func unfair(condition: Condition) throws {
        let groups = [
            group("a", sections: five, retries: noise),
            group("b", sections: five, retries: noise) { $0.conditions[condition] = "other" },
        ]
        // Not by what #expect returns: Swift 6.0's returns nothing.
        var problems: [Unfairness] = []
        do {
            _ = try compare(groups)
            Issue.record("it compared them")
        } catch {
            if case .unfair(let found) = error { problems = found }
        }
        try #require(problems.count == 1)
        #expect(problems[0].reason.hasPrefix("the \(condition.rawValue) differs: "))
        #expect(problems[0].reason.hasSuffix("\"other\" in \"runs/b-0\""))
        var options = ComparisonOptions()
        options.force = true
        #expect(try compare(groups, options: options).forced == problems)
        options.force = false
        options.compared = [[condition, .kernelRelease]]
        #expect(try compare(groups, options: options).forced.isEmpty)
    }

    @Test("a side with runs of two kernels is refused")
    func mixedSide() throws {
        var runs = group("a", sections: five, retries: noise).runs
        runs[3].conditions[.kernelRelease] = "b"
        #expect(throws: ComparisonError.self) {
            try compare([RunGroup(name: "mixed", runs: runs), group("c", sections: five, retries: noise)])
        }
    }

    @Test("counted and estimated are not compared unless forced, and the rest is")
    func modes() throws {
        let walk = SeriesKey(.readRetries, site: "walk")
        let groups = [
            group("a", sections: five, retries: noise) {
                $0.totals[SeriesKey(.readHold, site: "mounts")] = RunTotal(
                    mode: .exact, count: 7, nanoseconds: 7, lost: 0)
            },
            group("b", sections: five, retries: noise) {
                $0.totals[walk]?.mode = .estimated
                $0.totals[SeriesKey(.exclusiveAcquires, site: "f_b")]?.mode = .estimated
                $0.totals[SeriesKey(.readHold, site: "mounts")] = RunTotal(
                    mode: .estimated, count: 7, nanoseconds: 7, lost: 0)
            },
        ]
        let side = try compare(groups).sides[0]
        #expect(side.rows.map(\.measure.title) == ["mount_lock.write_sections", "namespace_sem.read_hold mean"])
        // The mean of the site that both count, without the one that only one counts.
        #expect(side.rows[1].without.map(\.site) == ["mounts"] && side.rows[1].baseMedian < 51)
        let reason = "exact in \"runs/a-0\", estimated in \"runs/b-0\""
        #expect(
            side.leftOut.filter { $0.reason == reason }.map(\.measure.name) == [
                "mount_lock.excl_acquires", "mount_lock.read_retries[walk]",
            ])
        var options = ComparisonOptions()
        options.force = true
        let forced = try compare(groups, options: options)
        #expect(
            forced.forced.map(\.reason) == ["\(walk) is \(reason)", "namespace_sem.read_hold[mounts] is \(reason)"])
        #expect(forced.sides[0].rows.count == 4)
    }

    @Test("a run that was cut short, and the same run twice, are refused")
    func flawedRuns() throws {
        let good = group("a", sections: five, retries: noise)
        let flawed = group("b", sections: five, retries: noise) { $0.flaw = "was cut short" }
        #expect(throws: ComparisonError.self) { try compare([good, flawed]) }
        var options = ComparisonOptions()
        options.force = true
        #expect(throws: ComparisonError.repeated("runs/a-0")) { try compare([good, good], options: options) }
    }

    @Test("metrics are named with or without their lock, or by their lock")
    func metricNames() throws {
        let groups = [group("a", sections: five, retries: noise), group("b", sections: five, retries: noise)]
        func names(_ wanted: [String]) throws -> [String] {
            var options = ComparisonOptions()
            options.metrics = wanted
            return try compare(groups, options: options).sides[0].rows.map(\.measure.name)
        }
        #expect(try names(["write_sections"]) == ["mount_lock.write_sections"])
        #expect(try names(["mount_lock.write_sections", "namespace_sem"]).count == 2)
        #expect(throws: ComparisonError.noMetric("retries")) { try names(["retries"]) }
    }

    @Test("a detailed comparison has every denominator that the runs know")
    func detail() throws {
        var options = ComparisonOptions()
        options.isDetailed = true
        options.metrics = ["read_retries"]
        let side = try compare(
            [group("a", sections: five, retries: noise), group("b", sections: five, retries: noise)], options: options
        ).sides[0]
        #expect(side.rows.map(\.measure.per) == [.millionLookups, .writeSection])
    }

    @Test("events known to be lost are told as the largest share of any run")
    func losses() throws {
        let comparison = try compare([
            group("a", sections: five, retries: noise),
            group("b", sections: five, retries: noise) { run in
                if run.id == "b-2" { run.totals[SeriesKey(.readRetries, site: "walk")]?.lost = 1000 }
                run.totals[SeriesKey(.readHold, site: "mountinfo")]?.lost = nil
            },
        ])
        #expect(try row("mount_lock.read_retries[walk]", comparison).lostShare == 0.5)
        #expect(try row("namespace_sem.read_hold mean", comparison).lostShare == nil)
        #expect(try row("mount_lock.write_sections", comparison).lostShare == 0)
    }
}
