import Contention

/// The live view: text for a screen, lines for a log, and the summary at the end.
public struct LiveReport: Sendable {
    private let host: HostConditions
    /// How it is measured, in a few words; empty where that is not to be said.
    private let method: String
    /// Nanoseconds, as asked for.
    private let plannedInterval: UInt64

    /// - Parameters:
    ///   - method: how it is measured: `auto: 163 kprobes`.
    ///   - plannedInterval: nanoseconds.
    public init(host: HostConditions, method: String = "", plannedInterval: UInt64) {
        self.host = host
        self.method = method
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
            + notes(interval, width: width)
    }

    private func notes(_ interval: Interval, width: Int) -> [String] {
        (method.isEmpty ? [] : ["attached: \(method)"]) + Notes(interval: interval, width: width).lines
    }

    /// The screen before the first interval has ended.
    public func waitingScreen() -> [String] {
        ["mountscope  \(machine)  measuring the first \(Units.duration(plannedInterval))"]
    }

    /// Everything from the first snapshot to the last.
    public func summary(_ summary: Interval, intervals: Int, width: Int) -> String {
        let amount = Units.amount(intervals, "interval")
        return
            (["mountscope  \(machine)  \(Units.duration(summary.elapsed)) in \(amount)", ""]
            + SeriesTable(summary, total: summary, width: width).lines
            + [""]
            + notes(summary, width: width)).text
    }

    private var machine: String {
        let cpus = host.onlineCPUs.isEmpty ? host.possibleCPUs : host.onlineCPUs.count
        return "\(host.hostname)  \(host.kernelRelease)  \(Units.amount(cpus, "CPU"))"
    }
}
