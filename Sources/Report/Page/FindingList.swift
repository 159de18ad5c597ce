import Contention

/// What a run shows to be wrong: those of a kind together, with their evidence and what to change.
struct FindingList {
    private let findings: [Finding]
    /// Of one kind; the text report has all.
    private static let mostOfAKind = 5

    init(_ findings: [Finding]) { self.findings = findings }

    /// The kinds in the order of their dearest finding.
    var html: String {
        var kinds: [FindingKind] = []
        for finding in findings where !kinds.contains(finding.kind) { kinds.append(finding.kind) }
        return Markup.element("ol", kinds.map { item(findings, $0) }.joined(separator: "\n"))
    }

    private func item(_ findings: [Finding], _ kind: FindingKind) -> String {
        let all = findings.filter { $0.kind == kind }
        var lines = all.prefix(Self.mostOfAKind).map { finding in
            let cost = finding.cost.map { " (at most \(Units.duration($0)))" } ?? ""
            return Markup.element("b", Markup.escaped(finding.sentence)) + Markup.escaped(cost)
        }
        let more = all.count - lines.count
        if more > 0 { lines.append("and \(more) more of this kind: the text report has all") }
        lines.append(Markup.escaped("change: \(kind.advice)"))
        return Markup.element("li", lines.joined(separator: "<br>"))
    }
}
