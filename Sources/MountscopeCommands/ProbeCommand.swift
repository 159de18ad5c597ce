import ArgumentParser
import JSON
import Probe
import Recording
import Report
import SystemCalls
import Terminal

/// `mountscope probe`
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Shows what this kernel lets us measure, how, and why not the rest. Attaches nothing.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "How to print it.")
    var format = Format.text
    @Flag(help: "List every instruction of this kernel that uses the locks, and what is attached there.")
    var sites = false
    @Flag(
        name: .customLong("excerpt"),
        help: ArgumentHelp("Print the kernel text that --sites looks at.", visibility: .hidden))
    var printsExcerpt = false
    @OptionGroup var probe: ProbeArguments

    func run() throws {
        try ErrorReport.exiting {
            if printsExcerpt {
                let lines = try SiteInventory.excerpt()
                return try Output.standard.write(lines.joined(separator: "\n") + "\n")
            }
            if sites { return try listSites() }
            let rows = try ProbePlan.describe(options: probe.options)
            switch format {
            case .text:
                let report = ProbeReport(rows, privileges: Privileges.ofStart)
                try Output.standard.write(report.text(width: Output.standard.columns))
            case .json:
                try Output.standard.write(JSONValue.array(rows.map { $0.json(withAddress: true) }).formatted + "\n")
            }
        }
    }

    private func listSites() throws {
        let table = try SiteInventory.describe(options: probe.options)
        switch format {
        case .text: try Output.standard.write(SiteReport(table).text(width: Output.standard.columns))
        case .json: try Output.standard.write(table.json.formatted + "\n")
        }
    }
}
