import Contention

/// The live view: text for a screen, lines for a log, and the summary at the end.
public struct LiveReport: Sendable {
    private let host: HostConditions
    /// Nanoseconds, as asked for.
    private let plannedInterval: UInt64

    /// - Parameter plannedInterval: nanoseconds.
    public init(host: HostConditions, plannedInterval: UInt64) {
        self.host = host
        self.plannedInterval = plannedInterval
    }

    /// The index of the screen's line that stands out.
    public static let titleLine = 2

    /// The screen after an interval.
    /// - Parameters:
    ///   - interval: the latest.
    ///   - summary: everything so far, for the totals.
    ///   - width: characters.
    public func screen(_ interval: Interval, summary: Interval, width: Int) -> [String] {
        let times = "\(Units.elapsed(summary.elapsed)), interval \(Units.duration(interval.elapsed))"
        return ["mountscope  \(machine)  \(times)", ""]
            + SeriesTable(interval, total: summary, width: width).lines
            + [""]
            + Notes(interval: interval, width: width).lines
    }

    /// The screen before the first interval has ended.
    public func waitingScreen() -> [String] {
        ["mountscope  \(machine)  measuring the first \(Units.duration(plannedInterval))"]
    }

    /// Everything from the first snapshot to the last.
    public func summary(_ summary: Interval, intervals: Int, width: Int) -> String {
        let amount = intervals == 1 ? "1 interval" : "\(intervals) intervals"
        return
            (["mountscope  \(machine)  \(Units.duration(summary.elapsed)) in \(amount)", ""]
            + SeriesTable(summary, total: summary, width: width).lines
            + [""]
            + Notes(interval: summary, width: width).lines).text
    }

    private var machine: String {
        let cpus = host.onlineCPUs.isEmpty ? host.possibleCPUs : host.onlineCPUs.count
        return "\(host.hostname)  \(host.kernelRelease)  \(cpus == 1 ? "1 CPU" : "\(cpus) CPUs")"
    }
}
