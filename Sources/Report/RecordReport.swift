import Contention
import SystemCalls

/// The lines that tell how a recording goes.
public struct RecordReport: Sendable {
    private let path: String

    /// - Parameter path: the run's folder.
    public init(path: String) { self.path = path }

    /// How a recording ended.
    public struct Ending: Sendable {
        /// `finished`, `interrupted by SIGINT`
        public let how: String
        /// What else to say; nil for nothing.
        public let remark: String?
        public let intervals: Int
        /// Nanoseconds.
        public let elapsed: UInt64

        /// What the run shows to be wrong.
        public var findings: [Finding] = []

        public init(how: String, remark: String?, intervals: Int, elapsed: UInt64) {
            self.how = how
            self.remark = remark
            self.intervals = intervals
            self.elapsed = elapsed
        }
    }

    /// What is said once, at the start.
    public func beginning(hasCommand: Bool) -> String {
        "recording to \"\(path)\"" + (hasCommand ? " while the command runs" : "; Ctrl-C ends it")
    }

    /// The state after an interval.
    /// - Parameter elapsed: nanoseconds since the first snapshot.
    public func progress(_ interval: Interval, elapsed: UInt64) -> String {
        let rates = [Metric.writeSections, .readRetries, .readHold].map { metric in
            "\(metric.name) \(rate(metric, interval))"
        }
        return "recording: \(Units.elapsed(elapsed)), interval \(interval.sequence), \(rates.joined(separator: ", "))"
    }

    /// What is said once, at the end.
    public func ending(_ ending: Ending) -> [String] {
        let amount = Units.amount(ending.intervals, "interval")
        let line = "recorded \(amount) in \(Units.duration(ending.elapsed)) to \"\(path)\" (\(ending.how))"
        let findings = FindingLines(ending.findings).lines(width: 100).map { EscapedBytes.visible($0) }
        return [ending.remark.map { "mountscope: \($0)" }, line].compactMap { $0 } + findings
    }

    /// Events a second at all sites that are known; `-` where none is.
    private func rate(_ metric: Metric, _ interval: Interval) -> String {
        let known = interval.series.filter { $0.key.metric == metric }.compactMap(\.all)
        return known.isEmpty ? "-" : Units.rate(interval.rate(known.reduce(0) { $0 + $1.count })) + "/s"
    }
}
