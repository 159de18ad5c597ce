import ArgumentParser
import Contention
import Probe
import Recording
import SystemCalls
import Terminal

/// `mountscope live`
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Shows the contention as it happens.",
        discussion: """
            In a terminal the view is refreshed in place; otherwise lines are appended, which grep and awk can take \
            apart. Ctrl-C or q ends it with a summary. csv and ndjson are the rows of a recording's intervals.csv.
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Time between two updates: 500ms, 2s, 1m; 10ms at least. (default: 1s)", valueName: "time"),
        transform: DurationArgument.parseInterval)
    var interval = DurationArgument.second
    @Option(
        name: .shortAndLong, help: ArgumentHelp("End after this time.", valueName: "time"),
        transform: DurationArgument.parse)
    var duration: DurationArgument?
    @Option(help: "text, csv or ndjson (one JSON object a line).")
    var format = ReportFormat.text
    @OptionGroup var replay: ReplayArguments
    @OptionGroup var probe: ProbeArguments

    func validate() throws {
        if replay.path != nil, duration != nil { throw ValidationError("a replay lasts as long as its run") }
    }

    func run() throws {
        try ErrorReport.exiting {
            let view = try LiveView(format: format, output: .standard)
            if let recorded = try replay.start(view.waiter) {
                let loop = try SamplingLoop(source: recorded, waiter: recorded, plan: recorded.plan)
                return try view.show(loop, run: recorded.run.description)
            }
            let identifier = try RunIdentifier.random()
            let host = HostInspector().inspect()
            let probes = try probe.attach(view.waiter)
            // The summary comes first: taking many probes off can last seconds.
            defer { probes.close() }
            let plan = SamplingPlan(interval: interval.nanoseconds, duration: duration?.nanoseconds)
            let loop = try SamplingLoop(source: probes, waiter: view.waiter, plan: plan)
            let description = RunDescription(
                id: identifier, toolVersion: Mountscope.version, host: host, attachTable: probes.attachTable,
                plan: plan, command: [], first: loop.first)
            try view.show(loop, run: description, method: probes.method)
        }
    }
}
