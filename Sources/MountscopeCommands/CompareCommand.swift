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
    @Option(
        name: .customLong("metric"),
        help: "Only this: write_sections, mount_lock.read_retries, namespace_sem; may be repeated.")
    var metrics: [String] = []
    @Flag(help: "More measures: other denominators, sites and shares. More tests show less each.")
    var detail = false
    @Flag(help: "Compare what differs in more than the compared thing, and say so.")
    var force = false
    @OptionGroup var judging: CompareJudging
    @Option(help: "How to print it.")
    var format = Format.text

    func validate() throws {
        for run in runs + sides.to { try refuseEmpty(run, "the folder of a run") }
        for metric in metrics { try refuseEmpty(metric, "--metric") }
        try sides.check()
        try judging.check()
    }

    func run() throws {
        try ErrorReport.exiting {
            var options = ComparisonOptions()
            options.force = force
            options.isDetailed = detail
            options.metrics = metrics
            options.sameWithin = judging.sameWithin
            try RunInputs(runs + sides.to).checkStandardOutput()
            let comparison = try sides.compare(runs, options)
            try Output.standard.write(format.text(comparison))
            try judging.gate.check(comparison)
        }
    }
}
