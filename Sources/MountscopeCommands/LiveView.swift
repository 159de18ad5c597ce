import Contention
import Glibc
import Recording
import Report
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
        guard format == .text, output.isTerminal else {
            waiter = try SignalWaiter(watching: output.isTerminal ? nil : output)
            return
        }
        waiter = try SignalWaiter(keyboard: TerminalDevice.isTerminal(STDIN_FILENO) ? STDIN_FILENO : nil)
    }

    /// Shows intervals to the end.
    /// - Throws: what the source, the waiter or the terminal throws.
    func show(_ loop: SamplingLoop, run: RunDescription) throws {
        var engine = LiveEngine(loop: loop, display: try display(run))
        try engine.run()
    }

    private func display(_ run: RunDescription) throws -> any LiveDisplay {
        if let rows = format.rows { return RowsDisplay(rows, run: run.id, host: run.host, output) }
        let report = LiveReport(host: run.host, plannedInterval: run.plan.interval)
        return output.isTerminal ? try ScreenDisplay(report, output) : LogDisplay(report, output)
    }
}
