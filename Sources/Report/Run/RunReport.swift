import Contention

/// A recorded run as text: its conditions, its sums, how each series went over time, and what stands beneath the live
/// view's table.
public struct RunReport: Sendable {
    private let run: ReportedRun

    public init(_ run: ReportedRun) { self.run = run }

    /// - Parameter width: characters; less important columns go where it is short.
    public func text(width: Int) -> String {
        let summary = run.summary
        var timelines: [SeriesKey: String] = [:]
        for total in run.totals.series {
            guard let key = total.name.key else { continue }
            timelines[key] = Sparkline.text(total.timeline, steps: run.totals.steps.count)
        }
        let table = SeriesTable(summary, total: summary, width: width, timelines: timelines)
        let notes = Notes(interval: summary, width: width).lines
        let findings = FindingLines(run.findings).lines(width: width)
        let blocks = [
            verdict(summary, width), findings, conditions.flatMap { $0.fitted(to: width) }, table.lines,
            notes + gaps(width),
        ]
        return blocks.filter { !$0.isEmpty }.map(\.text).joined(separator: "\n")
    }

    /// How bad it was on the whole, and in the worst interval.
    private func verdict(_ summary: Interval, _ width: Int) -> [String] {
        let sheet = CostSheet(summary, cpus: run.host.cpus)
        let width = min(width, LiveReport.sentenceWidth)
        let lines = LogReport.head(summary, sheet, cpus: run.host.cpus, width: width)
        guard run.totals.intervals > 1, let worst = run.totals.worst else { return lines }
        return lines + VerdictWords.worst(worst, cpus: run.host.cpus, width: width)
    }

    private var conditions: [String] {
        let host = run.host
        var lines = ["mountscope  \(host.hostname)  \(host.kernelRelease)  \(run.cpus)  \(run.length)"]
        lines.append("run: \(run.path)  \(run.identifier)  by mountscope \(run.toolVersion)")
        lines.append("time: \(time(run.totals.startRealtime)) to \(time(run.totals.endRealtime))")
        if let command = run.command { lines.append("command: \(command)") }
        lines.append("kernel: \(host.kernelBuild)  \(host.architecture)  flags: \(host.bootFlags)")
        lines.append("hardware: \(([host.cpuModel] + run.topology).filter { !$0.isEmpty }.joined(separator: ", "))")
        lines.append("mounts at the start: \(run.mounts)")
        return lines
    }

    private func time(_ nanoseconds: Int64) -> String { Timestamp.rfc3339(nanoseconds, digits: 3) }

    /// Series that were not measured all the time: their sums stand for a part of the run only. Those that the budget took off
    /// together are one remark.
    func gaps(_ width: Int) -> [String] {
        let removals = run.removals
        let taken = Set(removals.flatMap(\.keys))
        let others = run.totals.series.filter { series in
            series.count != nil && series.unknownIntervals > 0 && !(series.name.key.map(taken.contains) ?? false)
        }
        return run.removalLines(of: removals).flatMap { $0.wrapped(to: width) }
            + others.flatMap { series in
                let known = Units.duration(series.knownElapsed)
                let gap = "unknown in \(series.unknownIntervals) of \(Units.amount(run.totals.intervals, "interval"))"
                return "\(series.name): known for \(known) only, \(gap)".wrapped(to: width)
            } + run.passedOver.flatMap { $0.wrapped(to: width) }
    }
}
