import Contention
import Report
import Terminal

extension Output {
    /// Characters a line may have: the window's, the usual 80 where a terminal does not tell, no end in a file or pipe.
    var columns: Int {
        isTerminal ? (TerminalDevice.windowSize(descriptor) ?? .standard).columns : .max
    }
}

/// The live view in a terminal, refreshed in place; the summary goes to the normal screen.
final class ScreenDisplay: LiveDisplay {
    private let report: LiveReport
    private let output: Output
    private let screen: Screen
    private var latest: (interval: Interval, summary: Interval)?

    init(_ report: LiveReport, _ output: Output) throws {
        self.report = report
        self.output = output
        screen = try Screen(output: output)
        try redraw()
    }

    func show(_ interval: Interval, summary: Interval) throws {
        latest = (interval, summary)
        try redraw()
    }

    func redraw() throws {
        guard let latest else { return try screen.draw(report.waitingScreen()) }
        let lines = report.screen(latest.interval, summary: latest.summary, width: screen.size.columns)
        try screen.draw(lines, boldLine: LiveReport.titleLine)
    }

    func suspend() throws {
        try screen.suspend()
        try redraw()
    }

    func finish(_ summary: Interval?, intervals: Int) throws {
        try screen.leave()
        guard let summary else { return }
        try output.write(report.summary(summary, intervals: intervals, width: output.columns))
    }
}

/// The live view for a pipe or a file: appended lines, and the summary as remarks.
final class LogDisplay: LiveDisplay {
    private let report: LiveReport
    private let output: Output
    private let log = LogReport()
    private var hasPreamble = false
    private var topThree = TopThree()

    init(_ report: LiveReport, _ output: Output) {
        self.report = report
        self.output = output
    }

    func show(_ interval: Interval, summary: Interval) throws {
        let preamble = hasPreamble ? "" : log.preamble(interval)
        hasPreamble = true
        try output.write(preamble + log.changes(interval) + log.lines(interval))
    }

    /// The three that wrote, read and paid most, as remarks beneath the interval.
    func show(records bundle: IntervalBundle) throws {
        let lines = topThree.lines(bundle)
        if !lines.isEmpty { try output.write(log.remarks(lines.joined(separator: "\n") + "\n")) }
    }

    func redraw() {}

    func suspend() {}

    func finish(_ summary: Interval?, intervals: Int) throws {
        guard let summary else { return }
        try output.write(log.remarks(report.summary(summary, intervals: intervals, width: .max)))
    }
}
