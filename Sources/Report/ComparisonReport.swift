import Contention

/// A comparison as people read it.
public struct ComparisonReport: Sendable {
    private let comparison: Comparison
    /// A file has no width of its own, and sentences without line breaks are hard to read.
    private static let proseWidth = 110
    private static let listedForced = 8

    public init(_ comparison: Comparison) { self.comparison = comparison }

    /// Tables for the screen, and beneath each what has to be known to read it.
    /// - Parameter width: characters; less important columns go where it is short.
    public func text(width: Int) -> String {
        let proseWidth = min(width, ComparisonReport.proseWidth)
        var lines = comparison.sides.flatMap { side -> [String] in
            let table = Table(ComparisonTable.columns, side.rows, fitting: width)
            let body = side.rows.isEmpty ? ["nothing to compare"] : [table.header] + table.lines
            return [title(side), ""] + body + [""] + remarks(side).flatMap { $0.wrapped(to: proseWidth) } + [""]
        }
        lines += closing.flatMap { $0.wrapped(to: proseWidth) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.text
    }

    /// The same as Markdown, for reports and pull requests.
    public var markdown: String {
        let columns = ComparisonTable.columns
        var lines: [String] = []
        for side in comparison.sides {
            lines += ["### \(title(side))", ""]
            lines.append("| " + columns.map { $0.title.lowercased() }.joined(separator: " | ") + " |")
            lines.append("|" + columns.map { $0.alignment == .right ? "---:" : "---" }.joined(separator: "|") + "|")
            for row in side.rows {
                lines.append("| " + columns.map { escaped($0.cell(row)) }.joined(separator: " | ") + " |")
            }
            lines += [""] + remarks(side).map { "- \($0)" } + [""]
        }
        return (lines + closing.map { "- \($0)" }).text
    }

    private func title(_ side: ComparedSide) -> String {
        "\(side.group.name) (\(runs(side.group))) against \(comparison.baseline.name) (\(runs(comparison.baseline)))"
    }

    private func runs(_ group: RunGroup) -> String { Units.amount(group.runs.count, "run") }

    /// What is true of every side.
    private var closing: [String] {
        let more = comparison.forced.count - ComparisonReport.listedForced
        return comparison.forced.prefix(ComparisonReport.listedForced).map { "FORCED, read with care: \($0.reason)." }
            + (more > 0 ? ["FORCED, read with care: \(more) more."] : []) + removals
    }

    /// What the budget took off, run by run: it cannot be compared.
    private var removals: [String] {
        let groups = [comparison.baseline] + comparison.sides.map(\.group)
        return groups.flatMap(\.runs).flatMap { run in
            let names = SeriesNames(Array(run.totals.keys))
            return run.removals.map { "In \(run.name): \(names.join($0.keys)): \($0.reason)." }
        }
    }

    private func remarks(_ side: ComparedSide) -> [String] {
        [verdicts(side), losses(side), silence(side)].compactMap { $0 } + parts(side) + omissions(side)
    }

    private func verdicts(_ side: ComparedSide) -> String {
        let sizes = "\(comparison.baseline.runs.count) and \(side.group.runs.count) runs"
        guard side.isTested else {
            return "\(sizes): fewer than \(Comparison.leastRuns) a side are no comparison. Ratios, no verdict."
        }
        guard side.tests > 0 else { return "\(sizes): no measure differs between any two of them, nothing to test." }
        guard !side.isHopeless else {
            return
                "\(sizes) are too few for \(Units.amount(side.tests, "test")): not even a difference in every run would be shown. Record "
                + "more runs, or name fewer metrics with --metric."
        }
        return
            "p is corrected for \(Units.amount(side.tests, "test")) (Holm). less, more: shown at 5 %; "
            + "~: no difference is shown, there may be one."
    }

    private func losses(_ side: ComparedSide) -> String? {
        let lossy = side.rows.filter { $0.lostShare ?? 0 >= 0.0001 }
        guard !lossy.isEmpty else { return nil }
        let list = lossy.map { "\(Units.percent($0.lostShare ?? 0)) of \($0.measure.name)" }
        return "Lost events, the most of any run: \(list.joined(separator: ", "))."
    }

    private func silence(_ side: ComparedSide) -> String? {
        guard !side.silent.isEmpty else { return nil }
        return "None in any run: \(list(side.silent))."
    }

    private func parts(_ side: ComparedSide) -> [String] {
        var told: [String] = []
        for row in side.rows where !row.without.isEmpty {
            let text =
                "\(row.measure.name) without \(row.without.joined(separator: ", ")): not measured in every run alike."
            if !told.contains(text) { told.append(text) }
        }
        return told
    }

    /// By reason: one kernel's gaps are one sentence.
    private func omissions(_ side: ComparedSide) -> [String] {
        var reasons: [String] = []
        for one in side.leftOut where !reasons.contains(one.reason) { reasons.append(one.reason) }
        return reasons.map { reason in
            let names = list(side.leftOut.filter { $0.reason == reason }.map(\.measure))
            return "Not compared, \(reason): \(names)."
        }
    }

    /// Each metric once, with its sites: `mount_lock.read_retries[lookup, walk]`.
    private func list(_ measures: [Measure]) -> String {
        var names: [String] = []
        var sites: [String: [String]] = [:]
        for measure in measures {
            let name = measure.metric.qualifiedName
            if !names.contains(name) { names.append(name) }
            if let site = measure.site, sites[name]?.contains(site) != true { sites[name, default: []].append(site) }
        }
        return names.map { name in sites[name].map { "\(name)[\($0.joined(separator: ", "))]" } ?? name }
            .joined(separator: ", ")
    }

    private func escaped(_ cell: String) -> String {
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
