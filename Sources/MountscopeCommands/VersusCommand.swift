import ArgumentParser
import Contention
import Probe
import Recording
import Report
import SystemCalls
import Terminal

/// `mountscope versus`
struct VersusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versus",
        abstract: "Runs two commands in turn and compares what they do to the mount locks.",
        discussion: versusDiscussion)

    @Argument(help: ArgumentHelp("The command that is the baseline, as text for sh.", valueName: "old"))
    var old: String
    @Argument(help: ArgumentHelp("The command that is held against it.", valueName: "new"))
    var new: String
    @OptionGroup var options: VersusOptions
    @OptionGroup var measures: CompareMeasures
    @OptionGroup var judging: CompareJudging
    @Option(help: "How to print it.")
    var format = CompareCommand.Format.text
    @OptionGroup var probe: ProbeArguments

    func validate() throws {
        try refuseEmpty(old, "OLD")
        try refuseEmpty(new, "NEW")
        try measures.check()
        try options.check()
        try judging.check()
    }

    func run() throws {
        try ErrorReport.exiting {
            let chosen = measures.options(judging)
            try ComparisonRefused.checkingMetrics(chosen)
            let session = try VersusSession(options.plan(old, new), options, probe)
            let comparison = try session.compare(chosen)
            try Output.standard.write(format.text(comparison, session.plan))
            try judging.gate.check(comparison)
        }
    }
}
