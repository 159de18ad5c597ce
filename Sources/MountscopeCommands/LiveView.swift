import Contention
import Glibc
import Recording
import Report
import SystemCalls
import Terminal

/// Where and how live numbers are shown: on a screen, as lines, or as rows for programs.
struct LiveView {
    private let format: ReportFormat
    private let output: Output
    /// Brings the news that this view can act on.
    let waiter: SignalWaiter

    /// - Throws: `SystemFailure`.
    init(format: ReportFormat, output: Output) throws {
        self.format = format
        self.output = output
        guard format == .text, output.takesSequences else {
            waiter = try SignalWaiter(watching: output.isTerminal ? nil : output)
            return
        }
        waiter = try SignalWaiter(keyboard: TerminalDevice.isTerminal(STDIN_FILENO) ? STDIN_FILENO : nil)
    }

    /// Shows intervals to the end.
    /// - Parameter method: how it is measured, in a few words; empty where that is not to be said.
    /// - Throws: what the source, the waiter or the terminal throws.
    func show(_ source: any IntervalSource, run: RunDescription, method: String = "") throws {
        var engine = LiveEngine(source, display: try display(run, method))
        try engine.run()
    }

    /// Shows a recorded run: on a screen with a keyboard it is played, and else it goes by.
    /// - Throws: `RunReadError`, or what the waiter or the terminal throws.
    func show(_ replay: ReplayArguments, _ window: RunWindow) throws {
        guard isScreen, TerminalDevice.isTerminal(STDIN_FILENO) else {
            guard let recorded = try replay.start(waiter, window, speed: replay.times) else { return }
            return try show(recorded, run: recorded.run.description)
        }
        guard let recorded = try replay.start(Unhurried(), window, speed: nil) else { return }
        let speed = replay.times ?? ReplayArguments.fastest
        let source = ViewSource.replay(speed: speed, isOver: false)
        let run = recorded.run
        var player = try ReplayPlayer(
            screen(run.description, "", source), speed: speed, waiter: waiter, clock: Clocks.monotonic
        ) {
            try Replay(run, window: window, speed: nil, waiter: Unhurried(), clock: Clocks.monotonic)
        }
        try player.run()
    }

    private var isScreen: Bool { format == .text && output.takesSequences }

    private func display(_ run: RunDescription, _ method: String) throws -> any LiveDisplay {
        if let rows = format.rows { return RowsDisplay(rows, run: run.id, host: run.host, output) }
        guard isScreen else { return LogDisplay(report(run, method), cpus: run.host.cpus, output) }
        return try screen(run, method, .live(interval: run.plan.interval))
    }

    private func report(_ run: RunDescription, _ method: String) -> LiveReport {
        LiveReport(host: run.host, method: method)
    }

    private func screen(_ run: RunDescription, _ method: String, _ source: ViewSource) throws -> ScreenDisplay {
        let style = TerminalStyle.style { name in getenv(name).map { String(cString: $0) } }
        let model = LiveModel(
            host: run.host, attachTable: run.attachTable, method: method, source: source, style: style)
        return try ScreenDisplay(model, report(run, method), output, style)
    }
}
