import Foundation
import Testing

/// What a kernel does not give is unavailable for a stated reason, in every output alike, and never 0.
extension OnThisKernel.UnavailableTests {
    static let withheld = [[], ["kprobes"], ["tracing"], ["kprobes", "tracing"]]

    @Test("a run has the modes and reasons of the attach table, and no number where there is none", arguments: withheld)
    func run(without: [String]) throws {
        let table = try probe(without)
        try withScratchFolder { folder in
            let run = "\(folder)/run"
            let arguments = ["record", "-o", run, "-i", "10ms", "-d", "30ms"] + options(without)
            #expect(try CommandProcess(arguments).finish().status == 0)
            let recorded = try RecordedRun(run)
            #expect(try recorded.attachTable() == table)
            for row in table {
                let rows = recorded.intervals.rows.filter { $0.series == row.series }
                #expect(!rows.isEmpty)
                #expect(rows.allSatisfy { $0["mode"] == row.mode }, "\(row.series)")
            }
            for row in recorded.intervals.rows where row["mode"] == "unavailable" {
                let cells = ["count", "sum_ns", "max_ns", "p50_ns", "p90_ns", "p99_ns", "lost", "cpu"].map { row[$0] }
                #expect(cells.allSatisfy { $0 == "" }, "\(row.series)")
            }
            for row in recorded.intervals.rows where row["mode"] != "unavailable" {
                #expect(Int(row["count"] ?? "") != nil, "\(row.series)")
            }
            let unavailable = Set(table.filter { $0.mode == "unavailable" }.map(\.series))
            #expect(!recorded.histograms.rows.contains { unavailable.contains($0.series) })
        }
    }

    @Test("live names every reason, and its last table has rows for what is available only", arguments: withheld)
    func live(without: [String]) throws {
        let table = try probe(without)
        let result = try CommandProcess(["live", "-i", "20ms", "-d", "40ms"] + options(without)).finish()
        #expect(result.status == 0 && result.errors.isEmpty)
        let lines = result.output.split(separator: "\n")
        #expect(VerdictLine.levels.contains { lines.first?.hasPrefix($0) == true })
        let remarks = lines.filter { $0.hasPrefix("unavailable: ") }
        for row in table where row.mode == "unavailable" {
            #expect(remarks.contains { $0.hasSuffix(": \(row.reason)") }, "\(row.series): \(row.reason)")
        }
        let summary = lines.drop { !$0.hasPrefix("mountscope  ") }
        for (metric, rows) in Dictionary(grouping: table, by: { $0.series.prefix { $0 != "[" } }) {
            guard let name = metric.split(separator: ".").last, !metric.hasPrefix("mountscope.") else { continue }
            let isShown = summary.contains { line in line.split(separator: " ").prefix(2).contains { $0 == name } }
            #expect(isShown == rows.contains { $0.mode != "unavailable" }, "\(metric)")
        }
    }

    @Test("the attach table as text says the same as JSON", arguments: withheld)
    func text(without: [String]) throws {
        let result = try CommandProcess(["probe"] + options(without)).finish()
        #expect(result.status == 0)
        for row in try probe(without) {
            let words = row.series.split { "[].".contains($0) }.map(String.init) + [row.mode]
            let line = result.output.split(separator: "\n").first { line in
                line.split(separator: " ").prefix(words.count).map(String.init) == words
            }
            #expect(line != nil, "\(row.series)")
            #expect(row.reason.isEmpty || result.output.contains(row.reason))
        }
    }

    @Test("what is withheld is unavailable or estimated, and says so")
    func withholding() throws {
        let table = try probe(["kprobes", "tracing", "sampling", "tracepoints"])
        #expect(table.filter { $0.mode != "unavailable" }.map(\.series) == ["mount_lock.write_sections[]"])
        #expect(table.allSatisfy { ($0.mode == "unavailable") == !$0.reason.isEmpty })
        let holds = try #require(table.first { $0.series == "namespace_sem.read_hold[mountinfo]" })
        #expect(holds.reason == "kprobes were not to be used")
    }

    private func probe(_ without: [String]) throws -> [ProbeRow] {
        let result = try CommandProcess(["probe", "--format", "json"] + options(without)).finish()
        let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        return try #require(rows).map { try ProbeRow($0) }
    }

    private func options(_ without: [String]) -> [String] { without.flatMap { ["--without", $0] } }
}

/// The word that everything begins with.
private enum VerdictLine {
    static let levels = ["CALM", "BUSY", "STORM", "UNKNOWN"]
}
