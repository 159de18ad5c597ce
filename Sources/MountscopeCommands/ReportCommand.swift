import ArgumentParser
import Contention
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
    @Flag(help: "With csv or ndjson: a row for each interval, as in intervals.csv, instead of one for the whole run.")
    var intervals = false
    @Option(
        help: ArgumentHelp(
            "Show who wrote, read and waited, joined by process, container or namespace, instead of the series.",
            valueName: "grouping"))
    var by: WhoGrouping?
    @Option(
        help: ArgumentHelp(
            "Write a page of plots that loads nothing from elsewhere, instead of printing: one run whole, several side "
                + "by side; - for standard output.",
            valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?
    @OptionGroup var part: WindowArguments

    private static let mostSideBySide = 100
    private static let mostOnAPage = 16

    func validate() throws {
        for run in runs { try refuseEmpty(run, "the folder of a run") }
        let most = html == nil ? Self.mostSideBySide : Self.mostOnAPage
        if format == .text, runs.count > most {
            throw ValidationError(
                "\(html == nil ? "text" : "a page") shows \(most) runs side by side at most, not \(runs.count); "
                    + "--format csv takes any number")
        }
        try refuseEmpty(html, "--html")
        if intervals, format == .text { throw ValidationError("--intervals goes with --format csv or ndjson") }
        if intervals, by != nil { throw ValidationError("--by and --intervals exclude each other") }
        guard html != nil else { return }
        if by != nil { throw ValidationError("--html and --by exclude each other") }
        if format != .text { throw ValidationError("--html and --format exclude each other") }
    }

    func run() throws {
        try ErrorReport.exiting {
            if let html { return try PageWriter(path: html, reading: runs).write(runs, part.window) }
            let output = Output.standard
            try RunInputs(runs).checkStandardOutput()
            let presenter = RunPresenter(
                format: format, width: output.columns, showsIntervals: intervals, window: part.window, grouping: by)
            try presenter.present(runs) { try output.write($0) }
        }
    }
}

extension WhoGrouping: ExpressibleByArgument {}
