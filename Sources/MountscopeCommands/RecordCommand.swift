import ArgumentParser
import Contention
import Probe
import Recording
import SystemCalls
import Terminal

/// `mountscope record`
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Records a run into a folder of CSV files, or for Prometheus.",
        discussion: """
            With COMMAND the run lasts as long as COMMAND, and its sums are COMMAND's. Otherwise it lasts until Ctrl-C \
            or the end of --duration. A run that was recorded is a success, whatever COMMAND returned; its exit status \
            is in run.json.
            """)

    @OptionGroup var targets: RecordTargets
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "Time between two rows of a series: 500ms, 2s, 1m; 10ms at least. (default: 1s)", valueName: "time"),
        transform: DurationArgument.parseInterval)
    var interval = DurationArgument.second
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("End after this time; COMMAND gets SIGTERM.", valueName: "time"),
        transform: DurationArgument.parse)
    var duration: DurationArgument?
    @Option(help: "A name for runs of this kind, for `compare --by label`.")
    var label: String?
    @Option(help: ArgumentHelp("Run COMMAND as this user.", valueName: "name"))
    var user: String?
    @OptionGroup var probe: ProbeArguments
    @Argument(parsing: .postTerminator, help: ArgumentHelp("What to run, after --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        try refuseEmpty(label, "--label")
        if user != nil, command.isEmpty { throw ValidationError("--user is about a command: give one behind --") }
        if command.first?.isEmpty == true { throw ValidationError("the name of the command is empty") }
    }

    func run() throws {
        try ErrorReport.exiting {
            let targets = try targets.check()
            let account = try user.map { try UserAccount(named: $0) }
            let child = command.isEmpty ? nil : try ChildProcess(command, as: account)
            let identifier = try RunIdentifier.random()
            let host = HostInspector().inspect()
            let waiter = try SignalWaiter()
            let probes = try probe.attach(waiter)
            defer { probes.close() }
            let plan = SamplingPlan(interval: interval.nanoseconds, duration: duration?.nanoseconds)
            let loop = try SamplingLoop(source: probes, waiter: waiter, plan: plan)
            var description = RunDescription(
                id: identifier, toolVersion: Mountscope.version, host: host, attachTable: probes.attachTable,
                plan: plan, command: command, first: loop.first)
            description.label = label
            description.probing = probe.options.conditions(cpus: host.onlineCPUs.count)
            let sinks = try targets.sinks(description)
            let progress = RecordProgress(path: targets.path, hasCommand: child != nil)
            progress.begin()
            let needs = Privileges.Needs.recording(asAnother: account != nil)
            var engine = RecordEngine(source: loop, sinks: sinks, command: child, observer: progress) {
                Privileges.settle(needs)
            }
            progress.end(try engine.run())
        }
    }
}
