import Contention
import Testing

@testable import Report

@Suite struct ComparisonReportTests {
    private func group(_ name: String, sections: [UInt64], hold: UInt64) -> RunGroup {
        RunGroup(
            name: name,
            runs: sections.enumerated().map { index, sections in
                var run = RunFacts(
                    id: "\(name)\(index)", name: "runs/\(name)\(index)",
                    totals: [
                        SeriesKey(.writeSections): RunTotal(mode: .exact, count: sections, lost: 0),
                        SeriesKey(.writeHold): RunTotal(
                            mode: .exact, count: 100, nanoseconds: hold + UInt64(index), lost: 25),
                        SeriesKey(.lockWait, site: "write"): RunTotal(mode: .exact, count: 0, nanoseconds: 0, lost: 0),
                    ],
                    workload: WorkloadCounts(operations: ["remount": 1000]))
                run.start = Int64(index)
                return run
            })
    }

    private func compare(_ base: RunGroup, _ new: RunGroup, _ edit: (inout ComparisonOptions) -> Void = { _ in }) throws
        -> Comparison
    {
        var options = ComparisonOptions()
        options.metrics = ["write_sections", "mount_lock.write_hold", "lock_wait"]
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

    /// The words of the first line that begins so.
    private func words(_ start: String, _ text: String) -> [Substring] {
        text.split(separator: "\n").first { $0.hasPrefix(start) }?.split(separator: " ") ?? []
    }

    @Test("the answer comes first, then the table with medians, effect and probability, and what they mean")
    func text() throws {
        let comparison = try compare(
            group("5.10", sections: base, hold: 50_000), group("6.1", sections: base.map { $0 - 1000 }, hold: 50_001))
        let text = ComparisonReport(comparison).text(width: .max)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[..<3] == [
                "6.1 (6 runs) against 5.10 (6 runs)", "Of 2 measures 0 got worse, 1 better, 1 cannot be told.", "",
            ])
        #expect(
            words("MEASURE", text).joined(separator: " ")
                == "MEASURE PER BASE NEW SHIFT RATIO 95 % INTERVAL P FINDS SHOWN")
        #expect(lines[4] == "mount_lock:")
        let sections = words("write_sections", text)
        #expect(
            sections.prefix(11).joined(separator: " ")
                == "write_sections mount op 2.000 1.000 -1.000 0.500 0.500 to 0.500 0.0043")
        #expect(sections.last == "less")
        let hold = words("write_hold total", text)
        #expect(hold.prefix(6).joined(separator: " ") == "write_hold total mount op 50.0 ns")
        #expect(hold.contains("0.4545") && hold.last == "~")
        // A mean has no verdict.
        let mean = words("write_hold mean", text)
        #expect(mean.prefix(5).joined(separator: " ") == "write_hold mean hold 500 ns" && mean.last == "1.000")
        #expect(text.contains("\np is corrected for 2 tests (Holm). less, more: shown at 5 %."))
        #expect(text.contains("\nLost events, the most of any run: 20.00 % of mount_lock.write_hold.\n"))
        #expect(text.contains("\nNone in any run: mount_lock.lock_wait[number, total].\n"))
        #expect(text.hasSuffix("\nNot compared, no waits in \"runs/5.100\": mount_lock.lock_wait[mean].\n"))
    }

    @Test("the table fits 80 columns, with measure, medians, ratio and verdict, and no line is cut")
    func narrow() throws {
        let comparison = try compare(
            group("5.10.0-46-cloud-amd64", sections: base.map { $0 * 1_234_567 }, hold: 50_000_000),
            group("6.12.118+deb13-cloud-amd64", sections: base.map { $0 * 12_345_678 }, hold: 1)
        ) { $0.sameWithin = 0.05 }
        let text = ComparisonReport(comparison).text(width: 80, answer: ComparisonAnswer(comparison).text)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        for column in ["MEASURE", "PER", "BASE", "NEW", "RATIO", "SHOWN"] { #expect(text.contains(column)) }
    }

    @Test("runs in blocks are told before anything else, and what was asked to be the same is counted")
    func warnings() throws {
        func late(_ group: RunGroup) -> RunGroup {
            RunGroup(
                name: group.name,
                runs: group.runs.map { run in
                    var run = run
                    run.start = (run.start ?? 0) + 1000
                    return run
                })
        }
        let comparison = try compare(
            group("a", sections: base, hold: 50_000), late(group("b", sections: base, hold: 50_000))
        ) { $0.sameWithin = 0.05 }
        let lines = ComparisonReport(comparison).text(width: .max).split(separator: "\n")
        #expect(lines[1].hasPrefix("BLOCKED ORDER: the sides changed only once from run to run"))
        let joined = lines.prefix(5).joined(separator: " ").replacing("  ", with: " ")
        #expect(joined.contains("2 cannot be told, 2 of them the same within 5.00 %."))
    }

    @Test(
        "the answer is one sentence",
        arguments: [
            (
                [2000, 2000, 2001, 2000, 2000, 2000],
                "per mount operation: 2.000 -> 1.000 write sections (2.000 times fewer"
            ),
            (
                [500, 500, 500, 501, 500, 500],
                "per mount operation: 0.500 -> 1.000 write sections (2.000 times as many"
            ),
            (
                [900, 900, 900, 901, 900, 900],
                "per mount operation: 0.900 -> 1.000 write sections (11.1 % more, 95 % 11.1 to 11.1)"
            ),
            ([0, 0, 0, 0, 0, 0], "per mount operation: 0 -> 1.000 write sections (none before)"),
            ([1000, 1001, 1000, 1001, 1000, 1000], "no difference is shown; write sections cannot be told apart"),
        ] as [([UInt64], String)])
    func answer(sections: [UInt64], expected: String) throws {
        let new: [UInt64] = [1000, 1000, 1001, 1000, 1000, 1000]
        let comparison = try compare(group("a", sections: sections, hold: 1), group("b", sections: new, hold: 1)) {
            $0.metrics = ["write_sections"]
        }
        #expect(ComparisonAnswer(comparison).text.hasPrefix(expected), "\(ComparisonAnswer(comparison).text)")
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
            Nothing could be compared.

            nothing to compare

            No measure differs between any two of the runs: nothing to test.
            Not compared, not measured in any run: mount_lock.read_retries[lookup, walk, dotdot, d_path], namespace_sem.read_duty.

            """
        #expect(ComparisonReport(comparison).text(width: 200).replacing("\n  ", with: " ") == expected)
    }

    @Test("Markdown has a row for each measure, under a rule that aligns its columns")
    func markdown() throws {
        let comparison = try compare(
            group("5.10", sections: base, hold: 50_000), group("6.1", sections: base.map { $0 - 1000 }, hold: 50_001))
        let lines = ComparisonReport(comparison).markdown.split(separator: "\n").map(String.init)
        #expect(lines[0] == "### 6.1 (6 runs) against 5.10 (6 runs)")
        #expect(lines[1] == "Of 2 measures 0 got worse, 1 better, 1 cannot be told.")
        #expect(lines[2] == "| measure | per | base | new | shift | ratio | 95 % interval | p | finds | shown |")
        #expect(lines[3] == "|---|---|---:|---:|---:|---:|---|---:|---:|---|")
        #expect(
            lines[4].hasPrefix(
                "| mount_lock.write_sections | mount operation | 2.000 | 1.000 | -1.000 | 0.500 | 0.500 to 0.500 | 0.0043 |"
            ))
        #expect(lines[4].hasSuffix(" | less |"))
    }

    @Test(
        "numbers below one keep three significant digits",
        arguments: [
            (0.8, "0.800"), (0.0123, "0.0123"), (0.000456, "0.000456"), (0.0000456, "4.56e-5"), (1e-12, "1.00e-12"),
            (1.2345e-300, "1.23e-300"), (0.9996, "1.000"), (0, "0"),
        ])
    func significant(value: Double, expected: String) {
        #expect(Units.significant(value) == expected)
    }
}
