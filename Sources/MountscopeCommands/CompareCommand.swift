import ArgumentParser
import Contention
import Recording
import Terminal

/// `mountscope compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares recorded runs: of kernels, settings, loads.",
        usage: """
            mountscope compare BASE... --to NEW... [OPTION...]
            mountscope compare --by FIELD RUN... [OPTION...]
            """,
        discussion: compareDiscussion)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, csv, json, markdown }

    @Argument(help: ArgumentHelp("Folders of runs.", valueName: "run"), completion: .directory)
    var runs: [String]
    @OptionGroup var sides: CompareSideOptions
    @OptionGroup var measures: CompareMeasures
    @Flag(help: "Compare what differs in more than the compared thing, and say so.")
    var force = false
    @OptionGroup var judging: CompareJudging
    @Option(help: "How to print it.")
    var format = Format.text
    @Option(
        help: ArgumentHelp(
            "Write a page with the ratios and their intervals drawn, instead of printing; - for standard output.",
            valueName: "file"), completion: .file(extensions: ["html"]))
    var html: String?

    func validate() throws {
        for run in runs + sides.to { try refuseEmpty(run, "the folder of a run") }
        try measures.check()
        try sides.check()
        try judging.check()
        try refuseEmpty(html, "--html")
        if html != nil, format != .text { throw ValidationError("--html and --format exclude each other") }
    }

    func run() throws {
        try ErrorReport.exiting {
            var options = measures.options(judging)
            options.force = force
            let page = try html.map { try PageWriter(path: $0, reading: runs + sides.to) }
            if page == nil { try RunInputs(runs + sides.to).checkStandardOutput() }
            let comparison = try sides.compare(runs, options)
            if let page {
                try page.write(comparison)
            } else {
                try Output.standard.write(format.text(comparison))
            }
            try judging.gate.check(comparison)
        }
    }
}
