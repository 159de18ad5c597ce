import ArgumentParser
import Contention
import Glibc
import Probe
import Report
import Terminal

/// `mountscope live`
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Shows the contention as it happens.",
        discussion: """
            In a terminal the view is refreshed in place; otherwise lines are appended, which grep and awk can take \
            apart. Ctrl-C or q ends it with a summary.
            """)

    @Option(name: .shortAndLong, help: "Time between two updates.", transform: DurationArgument.parseInterval)
    var interval = DurationArgument.second
    @Option(name: .shortAndLong, help: "End after this time.", transform: DurationArgument.parse)
    var duration: DurationArgument?
    @OptionGroup var probe: ProbeArguments

    func run() throws {
        try ErrorReport.exiting {
            let host = HostInspector().inspect()
            let output = Output.standard
            let keyboard = TerminalDevice.isTerminal(STDIN_FILENO) ? STDIN_FILENO : nil
            let waiter = try output.isTerminal ? SignalWaiter(keyboard: keyboard) : SignalWaiter(watching: output)
            let probes = try probe.attach(waiter)
            // The summary comes first: taking many probes off can last seconds.
            defer { probes.close() }
            let report = LiveReport(host: host, method: probes.method, plannedInterval: interval.nanoseconds)
            let display: any LiveDisplay =
                output.isTerminal ? try ScreenDisplay(report, output) : LogDisplay(report, output)
            let plan = SamplingPlan(interval: interval.nanoseconds, duration: duration?.nanoseconds)
            var engine = LiveEngine(
                loop: try SamplingLoop(source: probes, waiter: waiter, plan: plan), display: display)
            try engine.run()
        }
    }
}
