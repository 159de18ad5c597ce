import Contention

/// The three that wrote, read and paid most in an interval, a line each for a log.
public struct TopThree: Sendable {
    private var run = RecordTotals()

    public init() {}

    /// `writers: containerd[812] 98 %, runc[99] 2 %`; no line where nobody did anything, or nobody is known.
    public mutating func lines(_ bundle: IntervalBundle) -> [String] {
        run.add(bundle.records, end: bundle.interval.endMonotonic)
        let groups = run.grouped(bundle.records, by: .process)
        return [
            line("writers", groups) { $0.writes },
            line("readers", groups) { $0.reads },
            line("victims", groups) { $0.waited } ?? line("victims", groups) { $0.suffered },
            bundle.records.contradictions > 0
                ? "left out: \(bundle.records.contradictions) rows by actor that went back" : nil,
        ].compactMap { $0 }
    }

    private func line(_ title: String, _ groups: [WhoGroup], _ value: (WhoGroup) -> UInt64?) -> String? {
        let values = groups.map { (name: $0.name, value: value($0) ?? 0) }.filter { $0.value > 0 }
        let all = values.reduce(0.0) { $0 + Double($1.value) }
        guard all > 0 else { return nil }
        let first = values.sorted { ($1.value, $0.name) < ($0.value, $1.name) }.prefix(3).map { one in
            "\(one.name) \(Int((Double(one.value) / all * 100).rounded())) %"
        }
        let more = values.count > 3 ? ", \(values.count - 3) more" : ""
        return "\(title): \(first.joined(separator: ", "))\(more)"
    }
}
