import Contention
import Foundation
import JSON
import Testing

@testable import Manual

@Suite struct MdocTests {
    private func lines(_ text: String) -> [String] {
        var page = Mdoc()
        page.paragraphs(text)
        return page.lines
    }

    @Test("a sentence begins a line, and long ones are broken")
    func aSentenceBeginsALine() {
        let long = String(repeating: "word ", count: 20)
        let lines = lines("One. Two (three.) " + long)
        #expect(lines.prefix(2) == ["One.", "Two (three.)"])
        #expect(lines.dropFirst(2).joined(separator: " ") + " " == long)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("what begins with blanks keeps its lines")
    func whatBeginsWithBlanksKeepsItsLines() {
        #expect(
            lines("Of these:\n  a  b\n    c\n\nEnd.") == [
                "Of these:", ".Bd -literal -offset indent", "a  b", "  c", ".Ed", ".Pp", "End.",
            ])
    }

    @Test(
        "text is no roff",
        arguments: [
            (".Sh", "\\&.Sh"), ("'a", "\\&'a"), ("a\\b", "a\\eb"),
            ("say --now, [-x] read-only", "say \\-\\-now, [\\-x] read-only"),
        ])
    func textIsNoRoff(_ text: String, _ escaped: String) {
        #expect(lines(text) == [escaped])
    }
}

@Suite struct ManualPageTests {
    private let help = """
        {"serializationVersion": 0, "command": {"commandName": "tool", "abstract": "Does it.", "arguments": [
          {"kind": "flag", "names": [{"kind": "short", "name": "h"}, {"kind": "long", "name": "help"}],
           "isOptional": true, "isRepeating": false, "shouldDisplay": true, "abstract": "Show help."}],
         "subcommands": [
          {"commandName": "go", "abstract": "Goes there.", "discussion": "Far.", "arguments": [
            {"kind": "option", "names": [{"kind": "long", "name": "out"}, {"kind": "short", "name": "o"}],
             "valueName": "run", "isOptional": true, "isRepeating": false, "shouldDisplay": true,
             "abstract": "Where to.", "allValues": ["a", "b"], "defaultValue": "a"},
            {"kind": "option", "names": [{"kind": "long", "name": "secret"}], "shouldDisplay": false},
            {"kind": "flag", "names": [{"kind": "long", "name": "fast"}], "sectionTitle": "Of speed",
             "isOptional": true, "isRepeating": false, "shouldDisplay": true, "abstract": "Be quick."},
            {"kind": "positional", "valueName": "command", "isOptional": true, "isRepeating": true,
             "shouldDisplay": true, "abstract": "What to run.", "parsingStrategy": "postTerminator"},
            {"kind": "flag", "names": [{"kind": "short", "name": "h"}, {"kind": "long", "name": "help"}],
             "isOptional": true, "isRepeating": false, "shouldDisplay": true, "abstract": "Show help."}]},
          {"commandName": "hidden", "shouldDisplay": false, "arguments": []},
          {"commandName": "help", "shouldDisplay": true, "arguments": []}]}}
        """

    private func section(_ name: String) throws -> [String] {
        let lines = try ManualPage(help: help).text.split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: name))
        return Array(lines[(start + 1)...].prefix { !$0.hasPrefix(".Sh ") && !$0.hasPrefix(".Ss ") })
    }

    @Test("the synopsis has a command's own options, then what it takes")
    func theSynopsisHasACommandsOwnOptions() throws {
        #expect(
            try section(".Sh SYNOPSIS") == [
                ".Nm tool", ".Cm go", ".Op Fl o Ar run", ".Op Fl -fast", ".Op Fl - Ar command ...",
            ])
    }

    @Test("a command is described with its options by group, values and default")
    func aCommandIsDescribed() throws {
        #expect(
            try section(".Ss tool go") == [
                "Goes there.", ".Pp", "Far.",
                ".Bl -tag -width Ds", ".It Fl o , Fl -out Ar run", "Where to.", "One of: a, b.", "Default: a.",
                ".It Fl - Ar command ...", "What to run.", ".El",
                ".Pp", "Of speed:", ".Bl -tag -width Ds", ".It Fl -fast", "Be quick.", ".El",
            ])
    }

    @Test("options of every command are described once")
    func optionsOfEveryCommandAreDescribedOnce() throws {
        let text = try ManualPage(help: help).text
        #expect(text.split(separator: "\n").filter { $0 == ".It Fl h , Fl -help" }.count == 1)
        #expect(!text.contains("secret") && !text.contains("hidden") && !text.contains(".Ss tool help"))
    }

    @Test("every metric is explained, with the sites that are the same on every kernel", arguments: Metric.allCases)
    func everyMetricIsExplained(_ metric: Metric) throws {
        let lines = try ManualPage(help: help).text.split(separator: "\n").map(String.init)
        let starts = lines.indices.filter { lines[$0] == ".It Sy \(metric.qualifiedName)" }
        let start = try #require(starts.count == 1 ? starts[0] : nil)
        let text = lines[(start + 1)...].prefix { !$0.hasPrefix(".It") && $0 != ".El" }.joined(separator: " ")
        for site in metric.sites where !site.isEmpty && site != Metric.either {
            #expect(text.contains(site), "\(metric.qualifiedName) without \(site)")
        }
        #expect(!text.isEmpty)
    }

    @Test("docs/metrics.md has a row for every metric, with those sites", arguments: Metric.allCases)
    func everyMetricIsInTheDocuments(_ metric: Metric) throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: repository.appendingPathComponent("docs/metrics.md"), encoding: .utf8)
        let heading = "## `\(metric.subject.rawValue)`"
        let lines = text.split(separator: "\n").drop { $0 != heading }.dropFirst().prefix { !$0.hasPrefix("## ") }
        let rows = lines.filter { $0.hasPrefix("| `\(metric.name)` |") }
        let row = try #require(rows.count == 1 ? rows[0] : nil)
        for site in metric.sites where !site.isEmpty {
            #expect(row.contains("`\(site)`"), "\(metric.qualifiedName) without \(site)")
        }
    }

    @Test("what is no description of commands is refused", arguments: ["", "{}", #"{"command": {"abstract": ""}}"#])
    func whatIsNoDescriptionIsRefused(_ help: String) {
        #expect(throws: ManualError.self) { try ManualPage(help: help) }
    }
}
