import Contention
import Testing

@testable import Report

@Suite struct ComparisonReportTests {
    private func group(_ name: String, sections: [UInt64], hold: UInt64) -> RunGroup {
        RunGroup(
            name: name,
            runs: sections.enumerated().map { index, sections in
                RunFacts(
                    id: "\(name)\(index)", name: "runs/\(name)\(index)",
                    totals: [
                        SeriesKey(.writeSections): RunTotal(mode: .exact, count: sections, lost: 0),
                        SeriesKey(.writeHold): RunTotal(
                            mode: .exact, count: 100, nanoseconds: hold + UInt64(index), lost: 25),
                        SeriesKey(.lockWait, site: "write"): RunTotal(mode: .exact, count: 0, nanoseconds: 0, lost: 0),
                    ],
                    workload: WorkloadCounts(operations: ["remount": 1000]))
            })
    }

    private func compare(_ base: RunGroup, _ new: RunGroup, _ edit: (inout ComparisonOptions) -> Void = { _ in }) throws
        -> Comparison
    {
        var options = ComparisonOptions()
        options.metrics = ["write_sections", "mount_lock.write_hold", "lock_wait"]
        options.bootstrap = Bootstrap(resamples: 200)
        edit(&options)
        return try Comparison([base, new], options: options)
    }

    private let base = [2000, 2000, 2001, 2000, 2000, 2000] as [UInt64]

    @Test("what the budget took off in a run is told beneath the tables")
    func removals() throws {
        let whole = group("6.1", sections: base, hold: 50_001)
        var runs = whole.runs
        runs[2].removals = [
            ProbeRemoval(keys: [SeriesKey(.writeHold)], reason: "taken off after 2.0 s: dear; --budget off keeps them")
        ]
        let comparison = try compare(
            group("5.10", sections: base, hold: 50_000), RunGroup(name: whole.name, runs: runs))
        let line = "In runs/6.12: mount_lock.write_hold: taken off after 2.0 s: dear; --budget off keeps them."
        #expect(ComparisonReport(comparison).text(width: .max).split(separator: "\n").contains(line[...]))
        #expect(ComparisonReport(comparison).markdown.contains("- \(line)\n"))
    }

    @Test("the table has the medians, the effect and the probability, and says what they mean")
    func text() throws {
        let comparison = try compare(
            group("5.10", sections: base, hold: 50_000), group("6.1", sections: base.map { $0 - 1000 }, hold: 50_001))
        let expected = """
            6.1 (6 runs) against 5.10 (6 runs)

            MEASURE                    PER                N    BASE     NEW   SHIFT  RATIO  95 % INTERVAL        P  SHOWN
            mount_lock.write_sections  mount operation  6+6   2.000   1.000  -1.000  0.500  0.500 to 0.500  0.0043  less
            mount_lock.write_hold      hold             6+6  500 ns  500 ns   +0 ns  1.000  1.000 to 1.000  0.4545  ~

            p is corrected for 2 tests (Holm). less, more: shown at 5 %; ~: no difference is shown, there may be one.
            Lost events, the most of any run: 20.00 % of mount_lock.write_hold.
            None in any run: mount_lock.lock_wait.
            Not compared, no waits in "runs/5.100": mount_lock.lock_wait.

            """
        #expect(ComparisonReport(comparison).text(width: .max) == expected)
    }

    @Test("too few runs are called no comparison")
    func fewRuns() throws {
        let comparison = try compare(
            group("a", sections: [2000, 2002], hold: 1), group("b", sections: [1000], hold: 1))
        let text = ComparisonReport(comparison).text(width: 80)
        #expect(text.contains("b (1 run) against a (2 runs)\n"))
        #expect(text.contains("2 and 1 runs: fewer than 6 a side are no comparison. Ratios, no verdict.\n"))
        #expect(!text.contains("corrected"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test("a forced comparison says why it should not have been made")
    func forced() throws {
        var other = group("b", sections: base, hold: 1).runs
        for index in other.indices { other[index].conditions[.cpuModel] = "another" }
        let comparison = try compare(group("a", sections: base, hold: 1), RunGroup(name: "b", runs: other)) {
            $0.force = true
        }
        let reason =
            "FORCED, read with care: the CPU model differs: unknown in \"runs/a0\", \"another\" in \"runs/b0\"."
        #expect(ComparisonReport(comparison).text(width: .max).hasSuffix(reason + "\n"))
        #expect(ComparisonReport(comparison).markdown.hasSuffix("- \(reason)\n"))
    }

    @Test("what is not compared is listed by metric, with its sites, under each reason")
    func omissions() throws {
        let comparison = try compare(group("a", sections: base, hold: 1), group("b", sections: base, hold: 1)) {
            $0.metrics = ["read_retries", "read_duty"]
            $0.isDetailed = true
        }
        let expected = """
            b (6 runs) against a (6 runs)

            nothing to compare

            6 and 6 runs: no measure differs between any two of them, nothing to test.
            Not compared, not measured in "runs/a0": mount_lock.read_retries[lookup, walk, dotdot, d_path], namespace_sem.read_duty.

            """
        #expect(ComparisonReport(comparison).text(width: 200).replacing("\n  ", with: " ") == expected)
    }

    @Test("Markdown has a row for each measure, under a rule that aligns its columns")
    func markdown() throws {
        let comparison = try compare(
            group("5.10", sections: base, hold: 50_000), group("6.1", sections: base.map { $0 - 1000 }, hold: 50_001))
        let lines = ComparisonReport(comparison).markdown.split(separator: "\n").map(String.init)
        #expect(lines[0] == "### 6.1 (6 runs) against 5.10 (6 runs)")
        #expect(lines[1] == "| measure | per | n | base | new | shift | ratio | 95 % interval | p | shown |")
        #expect(lines[2] == "|---|---|---:|---:|---:|---:|---:|---|---:|---|")
        #expect(
            lines[3]
                == "| mount_lock.write_sections | mount operation | 6+6 | 2.000 | 1.000 | -1.000 | 0.500 | 0.500 to 0.500 | 0.0043 | less |"
        )
    }

    @Test(
        "numbers below one keep three significant digits",
        arguments: [
            (0.8, "0.800"), (0.0123, "0.0123"), (0.000456, "0.000456"), (1e-12, "0.000000000"), (0.9996, "1.000"),
        ])
    func significant(value: Double, expected: String) {
        #expect(Units.significant(value) == expected)
    }
}
