import ArgumentParser
import JSON
import Probe
import Recording
import Report
import Terminal

/// `mountscope probe`
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Shows what this kernel lets us measure, how, and why not the rest. Attaches nothing.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "text or json.")
    var format = Format.text
    @OptionGroup var probe: ProbeArguments

    func run() throws {
        try ErrorReport.exiting {
            let rows = try ProbePlan.describe(options: probe.options)
            switch format {
            case .text: try Output.standard.write(ProbeReport(rows).text(width: Output.standard.columns))
            case .json: try Output.standard.write(JSONValue.array(rows.map(\.json)).formatted + "\n")
            }
        }
    }
}
