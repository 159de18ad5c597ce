import ArgumentParser
import Recording
import Report
import Terminal

/// `mountscope report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Shows recorded runs: sums, rates, percentiles and how they went over time.",
        discussion: """
            One run is shown whole, several side by side. Needs no root. A run that was cut short is shown up to its \
            last whole interval; files that were damaged are an error. csv and ndjson have a row for each series and \
            for each of its CPUs.
            """)

    @Argument(help: ArgumentHelp("Folders made by record.", valueName: "run"), completion: .directory)
    var runs: [String]
    @Option(help: "How to print it; ndjson is one JSON object a line.")
    var format = ReportFormat.text
    @Option(
        help: ArgumentHelp(
            "Write one run as a page of plots that loads nothing from elsewhere, instead of printing.",
            valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?

    func validate() throws {
        guard html != nil else { return }
        if runs.count != 1 { throw ValidationError("--html takes one run") }
        if format != .text { throw ValidationError("--html and --format exclude each other") }
    }

    func run() throws {
        try ErrorReport.exiting {
            if let html, let run = runs.first { return try PageWriter(path: html).write(run) }
            let output = Output.standard
            try RunPresenter(format: format, width: output.columns).present(runs) { try output.write($0) }
        }
    }
}
