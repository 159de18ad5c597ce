import Contention

/// What the live view says at its end.
public struct LiveReport: Sendable {
    private let host: HostConditions
    /// How it is measured, in a few words; empty where that is not to be said.
    private let method: String

    /// - Parameters:
    ///   - method: how it is measured: `auto: 163 kprobes`.
    public init(host: HostConditions, method: String = "") {
        self.host = host
        self.method = method
    }

    /// Characters of a line of prose, however wide the paper is.
    static let sentenceWidth = 100

    private func notes(_ interval: Interval, width: Int) -> [String] {
        (method.isEmpty ? [] : ["attached: \(method)"]) + Notes(interval: interval, width: width).lines
    }

    /// Everything from the first snapshot to the last.
    public func summary(_ summary: Interval, intervals: Int, width: Int) -> String {
        let amount = Units.amount(intervals, "interval")
        let sheet = CostSheet(summary, cpus: host.cpus)
        let head = LogReport.head(summary, sheet, cpus: host.cpus, width: min(width, LiveReport.sentenceWidth))
        return
            (head + ["", "mountscope  \(machine)  \(Units.duration(summary.elapsed)) in \(amount)", ""]
            + SeriesTable(summary, total: summary, width: width).lines
            + [""]
            + notes(summary, width: width)).text
    }

    private var machine: String {
        "\(host.hostname)  \(host.kernelRelease)  \(Units.amount(host.cpus ?? 0, "CPU"))"
    }
}
