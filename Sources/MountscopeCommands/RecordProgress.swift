import Contention
import Recording
import Report
import SystemCalls
import Terminal

/// Tells on standard error how a recording goes: one line rewritten in place in a terminal, a line a minute elsewhere.
///
/// With COMMAND only the beginning and the end are told: the terminal is COMMAND's.
final class RecordProgress: RecordObserver {
    private let report: RecordReport
    private var progress: ProgressLine
    private let hasCommand: Bool
    private let rewrites: Bool
    /// CLOCK_MONOTONIC, nanoseconds; nothing is told before.
    private var quietUntil: UInt64 = 0

    init(path: String, hasCommand: Bool, output: Output = .error) {
        report = RecordReport(path: path)
        progress = ProgressLine(output)
        self.hasCommand = hasCommand
        rewrites = output.takesSequences
    }

    func begin() { line(report.beginning(hasCommand: hasCommand)) }

    func recorded(_ interval: Interval, summary: Interval?) {
        for change in interval.changes { notice(change.text(in: interval)) }
        guard !hasCommand, let summary, interval.endMonotonic >= quietUntil else { return }
        let isFirst = quietUntil == 0
        quietUntil = interval.endMonotonic + (rewrites ? 200_000_000 : 60_000_000_000)
        let text = report.progress(interval, elapsed: summary.elapsed)
        if rewrites {
            progress.put(text)
        } else if !isFirst {
            line(text)
        }
    }

    func notice(_ text: String) { line(EscapedBytes.visible("mountscope: \(text)")) }

    func end(_ outcome: RecordOutcome) {
        for text in report.ending(outcome.summary) { line(text) }
    }

    private func line(_ text: String) { progress.say(text) }
}

extension RecordOutcome {
    /// What the user reads of it.
    fileprivate var summary: RecordReport.Ending {
        var remark: String?
        switch command {
        case .exited(let status) where status != 0: remark = "the command exited with status \(status)"
        case .killed(let signal): remark = "the command was ended by signal \(signal)"
        case .exited, nil: break
        }
        var ending = RecordReport.Ending(how: end.words, remark: remark, intervals: intervals, elapsed: elapsed)
        ending.findings = findings
        return ending
    }
}
