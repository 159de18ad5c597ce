import ArgumentParser
import Testing

@testable import MountscopeCommands

@Suite("What a wrong command line is told") struct MessageTests {
    /// What is said, with the exit status.
    private func refusal(_ arguments: [String]) -> (text: String, status: Int32) {
        do {
            _ = try Mountscope.parseAsRoot(arguments)
            return ("accepted", 0)
        } catch {
            return (Mountscope.fullMessage(for: error), Mountscope.exitCode(for: error).rawValue)
        }
    }

    @Test(
        "a value that is wrong is named, and its range is said",
        arguments: [
            (["live", "--budget", "0"], "above 0 and 100 at most"), (["live", "--budget", "101"], "100 at most"),
            (["live", "--budget", "nan"], "100 at most, or off"), (["live", "--budget=-1"], "above 0"),
            (["live", "--budget", "-1"], "above 0"), (["live", "-i", "-1s"], "above 0 and a year at most"),
            (["live", "-i", "5ms"], "10ms is the least"), (["live", "-d", "9999999h"], "a year is the most"),
            (["live", "--sample-hz", "-5"], "from 1 to 10000"), (["live", "--sample-hz", "10001"], "from 1 to 10000"),
            (["live", "--attach", "most"], "'cold'"),
            (["live", "--replay", "run", "--speed", "-1"], "from 0.001 to 1000000"),
            (["record", "-o", "run", "--rotate", "1KiB"], "1MiB is the least"),
            (["record", "-o", "run", "--rotate", "10ms"], "1s is the least"),
            (["record", "-o", "run", "--rotate", "-1GiB"], "1MiB at least"),
            (["record", "-o", "run", "-d", "-5"], "above 0"), (["record", "-o", "run", "-i", "-5"], "above 0"),
            (["compare", "a", "--to", "b", "--fail-over", "-3"], "0 at least"),
            (["load", "bind", "-t", "0"], "from 1 to 4096"), (["load", "bind", "-t", "-1"], "from 1 to 4096"),
            (["load", "bind", "-t", "100000"], "from 1 to 4096"), (["load", "bind", "-n", "-1"], "from 0 on"),
            (["load", "bind", "--table-mounts", "99999999"], "from 0 to 100000"),
            (["load", "mix", "--bind", "0"], "1 to 4096 threads, not 0"),
            (["load", "mix", "--bind", "x"], "from 0 to 4096"),
            (["load", "mix", "--bind", "4000", "--stat", "4000"], "1 to 4096 threads, not 8000"),
            (["load", "mountinfo", "--buffer", "1G"], "64"),
            (["report"] + Array(repeating: "run", count: 101), "100 runs side by side at most, not 101"),
            (["load", "mountinfo", "--buffer", "64M", "-t", "100"], "1073741824 bytes at most"),
        ])
    func ranges(arguments: [String], range: String) {
        let refusal = refusal(arguments)
        #expect(refusal.status == 64 && refusal.text.contains(range), "\(arguments): \(refusal.text)")
        #expect(!refusal.text.contains("Missing value"))
    }

    @Test(
        "an empty text is no name",
        arguments: [
            ["report", ""], ["report", "run", "--html", ""], ["record", "-o", ""], ["record", "--textfile", ""],
            ["record", "-o", "run", "--label", ""], ["record", "-o", "run", "--", ""], ["compare", "--by", "", "run"],
            ["compare", "", "--to", "run"], ["compare", "run", "--to", ""],
            ["compare", "run", "--to", "other", "--metric", ""], ["compare", "run", "--to", "other", "--html", ""],
            ["compare", "--by", "label", "--baseline", "", "run"], ["live", "--replay", ""],
        ])
    func empty(arguments: [String]) {
        let refusal = refusal(arguments)
        #expect(refusal.status == 64 && refusal.text.contains("empty"), "\(arguments): \(refusal.text)")
    }

    @Test(
        "a replay refuses what it would ignore, by name",
        arguments: [
            (["-i", "1s"], "--interval"), (["--attach", "auto"], "--attach"), (["--budget", "1"], "--budget"),
            (["--sample-hz", "off"], "--sample-hz"), (["--without", "kprobes"], "--without"),
        ])
    func replay(options: [String], name: String) {
        let refusal = refusal(["live", "--replay", "run"] + options)
        #expect(refusal.status == 64 && refusal.text.contains("leave out \(name)"), "\(refusal.text)")
        #expect(self.refusal(["live", "--replay", "run", "--speed", "2"]).status == 0)
    }

    @Test("help knows commands only")
    func help() {
        #expect(Mountscope.unknownTopic(["help", "frob"]) == "frob")
        #expect(Mountscope.unknownTopic(["help", "--help", "frob"]) == "frob")
        for known in [["help"], ["help", "live"], ["help", "help"], ["live", "frob"], ["frob"], []] {
            #expect(Mountscope.unknownTopic(known) == nil, "\(known)")
        }
    }

    @Test("a textfile's name ends as node_exporter wants it, in its format")
    func textfiles() {
        let other = refusal(["record", "--textfile", "m.txt"])
        #expect(other.status == 64 && other.text.contains("does not end in .prom"))
        for arguments in [["m.prom"], ["-"], ["/dev/stdout"], ["m.txt", "--textfile-format", "openmetrics"]] {
            #expect(refusal(["record", "--textfile"] + arguments).status == 0, "\(arguments)")
        }
    }

    @Test("rows of intervals are for programs")
    func intervals() {
        #expect(refusal(["report", "run", "--intervals"]).status == 64)
        #expect(refusal(["report", "run", "--intervals", "--format", "csv"]).status == 0)
    }

    @Test("a page takes as many runs as can be seen side by side, and no other format")
    func pages() {
        let runs = (1...16).map { "run\($0)" }
        #expect(refusal(["report"] + runs + ["--html", "page.html"]).status == 0)
        let many = refusal(["report"] + runs + ["one more", "--html", "page.html"])
        #expect(many.status == 64 && many.text.contains("a page shows 16 runs side by side at most, not 17"))
        for command in [["report", "run"], ["compare", "run", "--to", "other"]] {
            let both = refusal(command + ["--html", "page.html", "--format", "csv"])
            #expect(both.status == 64 && both.text.contains("--html and --format exclude each other"))
        }
    }
}
