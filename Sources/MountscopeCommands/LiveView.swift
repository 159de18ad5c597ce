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

    private func display(_ run: RunDescription, _ method: String) throws -> any LiveDisplay {
        if let rows = format.rows { return RowsDisplay(rows, run: run.id, host: run.host, output) }
        let report = LiveReport(host: run.host, method: method, plannedInterval: run.plan.interval)
        return output.takesSequences ? try ScreenDisplay(report, output) : LogDisplay(report, output)
    }
}
