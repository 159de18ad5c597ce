/// What findings are found in.
public struct FindingEvidence: Sendable {
    public let records: RecordTotals
    /// Nanoseconds that the records stand for.
    public let elapsed: UInt64

    public init(_ records: RecordTotals, elapsed: UInt64) {
        self.records = records
        self.elapsed = elapsed
    }

    var seconds: Double { Double(elapsed) / 1e9 }

    /// Every finding, those that cost most first.
    public var findings: [Finding] {
        guard elapsed > 0 else { return [] }
        let found = [
            scanFindings, pollerFindings, namespaceFindings, writerFindings, holderFindings, managerFindings,
        ].flatMap { $0 }
        return found.sorted { left, right in
            let costs = (left.cost ?? 0, right.cost ?? 0)
            if costs.0 != costs.1 { return costs.0 > costs.1 }
            return (left.kind.rawValue, left.subject) < (right.kind.rawValue, right.subject)
        }
    }

    /// The name that a finding gives an actor: what lives in its cgroup, and its command.
    func subject(_ actor: Int?) -> String {
        guard let actor, let row = records.actors[actor] else { return "an unknown process" }
        guard row.kind == .process else { return row.processName }
        return "\(row.command ?? "?") in \(row.containerName)"
    }

    /// Rows of actors that people would call the same, joined.
    func joined<Row>(_ rows: some Sequence<Row>, by name: (Row) -> String) -> [(name: String, rows: [Row])] {
        Dictionary(grouping: rows, by: name).sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
    }

    /// nil as soon as one of the values is not known, or where 64 bits do not hold the sum.
    func sum<Row>(_ rows: [Row], _ value: (Row) -> UInt64?) -> UInt64? {
        rows.reduce(UInt64?(0)) { sum, row in sum.flatMap { sum in value(row).flatMap { sum.adding($0) } } }
    }

    /// A part of a time.
    func part(_ time: UInt64?, _ part: UInt64, of whole: UInt64) -> UInt64? {
        guard let time, whole > 0 else { return nil }
        return UInt64(min(Double(time), Double(time) * Double(part) / Double(whole)))
    }

    /// Whether a value is enough for a finding of the kind.
    func isEnough(_ value: Double, _ kind: FindingKind) -> Bool { value >= kind.threshold.value }
}
