import ArgumentParser
import Contention
import JSON
import Recording
import SystemCalls
import Testing

@testable import MountscopeCommands

@Suite struct CompareTests {
    private func run(_ name: String, kernel: String, flags: String = "quiet", sections: UInt64 = 5) -> ComparedRun {
        var facts = RunFacts(id: name, name: name)
        facts.totals[SeriesKey(.writeSections)] = RunTotal(mode: .exact, count: sections, lost: 0)
        facts.workload = WorkloadCounts(operations: ["bind": 1])
        facts.conditions = [.kernelRelease: kernel, .bootFlags: flags]
        return ComparedRun(
            facts: facts,
            json: .object([
                "host": .object(["kernel_release": .string(kernel), "boot_flags": .string(flags)]),
                "command": .object(["argv": .array([.string("load"), .string("mix")])]),
            ]))
    }

    private func parse(_ words: String) throws -> CompareCommand {
        let command = try Mountscope.parseAsRoot(["compare"] + words.split(separator: " ").map(String.init))
        return try #require(command as? CompareCommand)
    }

    @Test("the sides are the runs before and behind --to")
    func sides() throws {
        let command = try parse("a b --to c d --force --fail-over 10% --metric read_retries")
        #expect(command.runs == ["a", "b"] && command.sides.to == ["c", "d"])
        #expect(command.force && command.judging.failOver == 0.1 && command.measures.metrics == ["read_retries"])
        let judging = try parse("a --to b --fail-over 5 --allow-blocked --same-within 3%").judging
        #expect(judging.gate.gate?.limit == 0.05 && judging.gate.gate?.allowsBlocked == true)
        #expect(judging.sameWithin == 0.03)
    }

    @Test(
        "nonsense is a usage error",
        arguments: [
            "", "a b", "a --to b --by kernel", "a --to b --baseline x", "a --to b --fail-over -1", "--to b",
            "a --to b --allow-blocked", "a --to b --same-within 0",
        ])
    func usage(words: String) {
        #expect(throws: (any Error).self) { try parse(words) }
    }

    @Test("groups come in the order of their first runs, the baseline before them")
    func grouping() throws {
        let runs = [
            run("1", kernel: "6.1"), run("2", kernel: "7.3"), run("3", kernel: "6.1"), run("4", kernel: "6.12"),
        ]
        let field = RunField("kernel")
        #expect(try field.groups(runs, baseline: nil).map(\.name) == ["6.1", "7.3", "6.12"])
        #expect(try field.groups(runs, baseline: "7.3").map(\.name) == ["7.3", "6.1", "6.12"])
        #expect(try field.groups(runs, baseline: nil)[0].runs.map(\.name) == ["1", "3"])
        #expect(throws: CompareInputError.noBaseline("5.10", there: ["6.1", "7.3", "6.12"])) {
            try field.groups(runs, baseline: "5.10")
        }
        #expect(throws: CompareInputError.oneGroup("load mix")) { try RunField("command").groups(runs, baseline: nil) }
        #expect(throws: CompareInputError.noField("host.colour", run: "1")) {
            try RunField("host.colour").groups(runs, baseline: nil)
        }
    }

    @Test("what the runs are grouped by may differ, the kernel then may not")
    func comparedConditions() throws {
        let field = RunField("host.boot_flags")
        #expect(field.compared == [[.bootFlags]])
        var options = ComparisonOptions()
        options.compared = field.compared
        let same = [run("1", kernel: "6.1"), run("2", kernel: "6.1", flags: "mitigations=off")]
        #expect(throws: Never.self) { try Comparison(try field.groups(same, baseline: nil), options: options) }
        let other = [run("1", kernel: "6.1"), run("2", kernel: "7.3", flags: "mitigations=off")]
        #expect(throws: ComparisonError.self) {
            try Comparison(try field.groups(other, baseline: nil), options: options)
        }
    }

    @Test("two sides of one kernel each are called by it")
    func names() throws {
        let field = RunField("kernel")
        #expect(try #require(field.names([run("1", kernel: "6.1")], [run("2", kernel: "7.3")])) == ("6.1", "7.3"))
        #expect(field.names([run("1", kernel: "6.1")], [run("2", kernel: "6.1")]) == nil)
    }

    @Test("a regression beyond the limit is exit status 2, and what cannot be judged 3 with the reason")
    func gate() throws {
        func comparison(_ count: Int, _ sections: UInt64) throws -> Comparison {
            let sides = [("old", UInt64(10)), ("new", sections)].map { name, sections in
                RunGroup(
                    name: name,
                    runs: (0..<count).map { index in
                        var facts = run("\(name)\(index)", kernel: "k", sections: sections).facts
                        facts.start = Int64(index)
                        return facts
                    })
            }
            return try Comparison(sides)
        }
        func check(_ limit: Double?, _ comparison: Comparison) throws {
            try CompareGate(gate: limit.map { Gate(limit: $0) }).check(comparison)
        }
        #expect(throws: RegressionFound.self) { try check(0.1, try comparison(6, 12)) }
        #expect(throws: Never.self) { try check(0.2, try comparison(6, 12)) }
        #expect(throws: Never.self) { try check(0.1, try comparison(6, 9)) }
        #expect(throws: GateCannotJudge.self) { try check(0.1, try comparison(5, 12)) }
        #expect(throws: Never.self) { try check(nil, try comparison(5, 12)) }
        #expect(
            ErrorReport(RegressionFound()).code == ExitCodes.regression && ErrorReport(RegressionFound()).text.isEmpty)
        let refusal = ErrorReport(GateCannotJudge((1...10).map { "reason \($0)" }))
        #expect(refusal.code == 3)
        #expect(refusal.text.hasPrefix("mountscope: --fail-over cannot judge:\n  reason 1\n"))
        #expect(refusal.text.contains("\n  and 2 more\nhint: "))
    }

    @Test("a refused comparison names what differs")
    func refusal() {
        let refused = ComparisonRefused(.unfair((1...10).map { Unfairness(reason: "reason \($0)") }))
        #expect(refused.message.hasPrefix("this would be no fair comparison:\n  reason 1\n"))
        #expect(refused.message.hasSuffix("\n  and 2 more"))
        #expect(ErrorReport(refused).code == ExitCodes.failed)
    }

    @Test("CSV has a row for each measure, JSON the values of every run")
    func formats() throws {
        let sides = [("old", UInt64(10)), ("new", UInt64(8))].map { name, sections in
            RunGroup(name: name, runs: (0..<6).map { run("\(name)\($0)", kernel: "k", sections: sections).facts })
        }
        let file = ComparisonFile(try Comparison(sides))
        let rows = file.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(rows.count == 2)
        #expect(rows[0].count == rows[1].count)
        let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(cells["metric"] == "write_sections" && cells["per"] == "mount operation" && cells["shown"] == "less")
        #expect(cells["quantity"] == "number" && cells["same"] == "" && cells["kind"] == "")
        #expect(cells["base_median"] == "10.0" && cells["shift"] == "-2.0" && cells["n_new"] == "6")
        let row = try #require(file.json["sides"]?.elements?.first?["rows"]?.elements?.first)
        #expect(row["new"]?.elements == Array(repeating: .number(8), count: 6))
        #expect(row["site"] == .null)
    }
}
