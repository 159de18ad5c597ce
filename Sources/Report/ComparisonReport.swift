import Contention

/// A comparison as people read it.
public struct ComparisonReport: Sendable {
    private let comparison: Comparison
    /// A file has no width of its own, and sentences without line breaks are hard to read.
    private static let proseWidth = 110
    private static let listedForced = 8

    public init(_ comparison: Comparison) { self.comparison = comparison }

    /// Tables for the screen: the answer above, and beneath each what has to be known to read it.
    /// - Parameters:
    ///   - width: characters; less important columns go where it is short.
    ///   - answer: a sentence that comes before all; nil for none.
    public func text(width: Int, answer: String? = nil) -> String {
        let proseWidth = min(width, ComparisonReport.proseWidth)
        var lines: [String] = []
        func add(_ sentences: [String]) {
            for sentence in sentences { lines += sentence.wrapped(to: proseWidth) }
        }
        if let answer {
            add([answer])
            lines.append("")
        }
        for side in comparison.sides {
            let headline = headline(side)
            lines += headline.title.fitted(to: width)
            add(headline.sentences)
            lines.append("")
            lines += side.rows.isEmpty ? ["nothing to compare"] : table(side, width)
            lines.append("")
            add(ComparisonRemarks(side: side).sentences)
            lines.append("")
        }
        add(closing)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.text
    }

    /// The same as Markdown, for reports and pull requests.
    public var markdown: String {
        let columns = ComparisonTable.markdown
        var lines: [String] = []
        for side in comparison.sides {
            let headline = headline(side)
            lines += ["### \(headline.title)", ""]
            for sentence in headline.sentences { lines += [sentence, ""] }
            lines.append("| " + columns.map { $0.title.lowercased() }.joined(separator: " | ") + " |")
            lines.append("|" + columns.map { $0.alignment == .right ? "---:" : "---" }.joined(separator: "|") + "|")
            for row in side.rows {
                lines.append("| " + columns.map { escaped($0.cell(row)) }.joined(separator: " | ") + " |")
            }
            lines.append("")
            lines += ComparisonRemarks(side: side).sentences.map { "- \($0)" }
            lines.append("")
        }
        lines += closing.map { "- \($0)" }
        return lines.text
    }

    private func headline(_ side: ComparedSide) -> ComparisonHeadline {
        ComparisonHeadline(baseline: comparison.baseline, side: side, sameWithin: comparison.sameWithin)
    }

    /// The names of the locks stand above their measures, as in the live view.
    private func table(_ side: ComparedSide, _ width: Int) -> [String] {
        let subjects = Subject.allCases.filter { subject in side.rows.contains { $0.measure.metric.subject == subject }
        }
        let rows = subjects.flatMap { subject in side.rows.filter { $0.measure.metric.subject == subject } }
        let table = Table(ComparisonTable.screen, rows, fitting: width)
        var lines = [table.header]
        var latest: Subject?
        for (row, line) in zip(rows, table.lines) {
            if row.measure.metric.subject != latest { lines.append("\(row.measure.metric.subject.rawValue):") }
            latest = row.measure.metric.subject
            lines.append(line)
        }
        return lines
    }

    /// What is true of every side.
    var closing: [String] {
        let more = comparison.forced.count - ComparisonReport.listedForced
        return comparison.remarks.map { "Bear in mind: \($0.reason)." }
            + comparison.forced.prefix(ComparisonReport.listedForced).map { "FORCED, read with care: \($0.reason)." }
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

    private func escaped(_ cell: String) -> String {
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
