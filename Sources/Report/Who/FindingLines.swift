import Contention

/// Findings as numbered lines: what was found, what it costs, what to change. No lines where there is none.
struct FindingLines {
    private let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings }

    func lines(width: Int) -> [String] {
        guard !findings.isEmpty else { return [] }
        return ["findings:"]
            + findings.enumerated().flatMap { index, finding in
                let cost = finding.cost.map { " (at most \(Units.duration($0)))" } ?? ""
                return "\(index + 1). \(finding.sentence)\(cost)".wrapped(to: width)
                    + "change: \(finding.advice)".wrapped(to: width, indent: 3)
            }
    }
}
