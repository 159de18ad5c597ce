import Contention
import Report
import Terminal

extension Output {
    /// Characters a line may have: the window's, the usual 80 where a terminal does not tell, no end in a file or pipe.
    var columns: Int {
        isTerminal ? (TerminalDevice.windowSize(descriptor) ?? .standard).columns : .max
    }
}

/// The live view for a pipe, a file or a terminal without cursor: a block for each interval, and the summary.
final class LogDisplay: LiveDisplay {
    private let report: LiveReport
    private let output: Output
    private let log: LogReport
    private var topThree = TopThree()
    private var who: [String] = []

    init(_ report: LiveReport, cpus: Int?, _ output: Output) {
        self.report = report
        self.output = output
        log = LogReport(cpus: cpus, width: output.isTerminal ? output.columns : WindowSize.standard.columns)
    }

    func show(_ interval: Interval, summary: Interval) throws { try output.write(log.block(interval, who: who)) }

    func show(records bundle: IntervalBundle) { who = topThree.lines(bundle) }

    func redraw() {}

    func suspend() {}

    func press(_ key: Key) -> DisplayRequest? { nil }

    func finish(_ summary: Interval?, intervals: Int) throws {
        guard let summary else { return }
        try output.write(report.summary(summary, intervals: intervals, width: output.columns))
    }
}
