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
            In a terminal it fills the screen: ? shows the keys, q ends it with a summary. Otherwise a block of lines is \
            printed for each interval. csv and ndjson, for programs, are the rows of a recording's intervals.csv.
            """)

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("Time between two updates: 500ms, 2s, 1m; 10ms at least. (default: 1s)", valueName: "time"),
        transform: DurationArgument.parseInterval)
    var interval: DurationArgument?
    @Option(
        name: .shortAndLong, parsing: .unconditional, help: ArgumentHelp("End after this time.", valueName: "time"),
        transform: DurationArgument.parse)
    var duration: DurationArgument?
    @Option(help: "text, csv or ndjson (one JSON object a line).")
    var format = ReportFormat.text
    @OptionGroup var replay: ReplayArguments
    @OptionGroup var part: WindowArguments
    @OptionGroup var probe: ProbeArguments

    func validate() throws {
        guard replay.path != nil else {
            if part.window != .whole { throw ValidationError("--from and --until need --replay") }
            return
        }
        if duration != nil { throw ValidationError("a replay lasts as long as its run") }
        let others = (interval.map { _ in ["--interval"] } ?? []) + probe.given
        guard others.isEmpty else {
            throw ValidationError(
                "a replay shows a run as it was recorded: leave out \(others.joined(separator: ", "))")
        }
    }

    func run() throws {
        try ErrorReport.exiting {
            let view = try LiveView(format: format, output: .standard)
            if replay.path != nil { return try view.show(replay, part.window) }
            let identifier = try RunIdentifier.random()
            let host = HostInspector().inspect(hashesTypes: false)
            let probes = try probe.attach(view.waiter)
            // The summary comes first: taking many probes off can last seconds.
            defer { probes.close() }
            let plan = SamplingPlan(interval: (interval ?? .second).nanoseconds, duration: duration?.nanoseconds)
            let loop = try SamplingLoop(source: probes, waiter: view.waiter, plan: plan)
            let description = RunDescription(
                id: identifier, toolVersion: Mountscope.version, host: host, attachTable: probes.attachTable,
                plan: plan, command: [], first: loop.first)
            Privileges.settle([])
            try view.show(loop, run: description, method: probes.method)
        }
    }
}
