import Contention
import Scales

/// A comparison as one HTML file: the answer, and for each side its measures with their ratios and intervals drawn.
public struct ComparisonPage: Sendable {
    private let comparison: Comparison

    public init(_ comparison: Comparison) { self.comparison = comparison }

    /// The file.
    public var text: String {
        let names = comparison.sides.map(\.group.name).joined(separator: ", ")
        var page = PageDocument(
            title: "mount_lock and namespace_sem: \(names) against \(comparison.baseline.name)",
            head: Markup.element("p", ["class": "verdict"], Markup.escaped(ComparisonAnswer(comparison).text + ".")))
        for side in comparison.sides {
            let headline = ComparisonHeadline(
                baseline: comparison.baseline, side: side, sameWithin: comparison.sameWithin)
            let sentences = headline.sentences.map(Markup.paragraph).joined(separator: "\n")
            let remarks = ComparisonRemarks(side: side).sentences.map(Markup.remark).joined(separator: "\n")
            let table = side.rows.isEmpty ? Markup.remark("Nothing to compare.") : ForestTable(side).html
            page.append(headline.title, sentences + table + remarks)
        }
        page.append("Bear in mind", ComparisonReport(comparison).closing.map(Markup.paragraph).joined(separator: "\n"))
        page.append("Runs", runs)
        return page.text
    }

    private struct Line {
        let group: String
        let run: RunFacts
    }

    private var runs: String {
        let groups = [comparison.baseline] + comparison.sides.map(\.group)
        let lines = groups.flatMap { group in group.runs.map { Line(group: group.name, run: $0) } }
        let columns: [PageColumn<Line>] = [
            PageColumn("RUN", text: { $0.run.name }), PageColumn("SIDE", text: { $0.group }),
            PageColumn("BEGAN", text: { $0.run.start.map { Timestamp.rfc3339($0, digits: 0) } ?? "-" }),
            PageColumn("REMARK", "wrap", text: { $0.run.flaw ?? "" }),
        ]
        return PageTable(caption: "The runs of each side", columns: columns, rows: lines).html
    }
}

/// The measures of a side under each other, each with its ratio as a dot and the 95 % interval as a line, on one scale: a
/// forest plot, in the cells of a table that says the same in words.
struct ForestTable {
    private let side: ComparedSide
    private let scale: RatioScale

    /// Of a drawing, in the units of its view box.
    private static let size = (width: 280.0, height: 20.0)

    init(_ side: ComparedSide) {
        self.side = side
        var ratios: [Double] = []
        for row in side.rows {
            ratios += [row.ratio, row.interval?.lower, row.interval?.upper].compactMap { $0 }
        }
        scale = RatioScale(ratios)
    }

    var html: String {
        let end = ComparisonTable.factor(scale.end)
        let caption =
            "New over baseline: a dot for the ratio, a line for its 95 % interval, from 1/\(end) at the left over 1 "
            + "(dashed) to \(end) at the right, by the logarithm; an arrow where it goes on"
        return PageTable(caption: caption, columns: columns, rows: side.rows).html
    }

    private var columns: [PageColumn<ComparedRow>] {
        [
            PageColumn("MEASURE", text: { $0.measure.title }),
            PageColumn("PER", text: { $0.kind ?? $0.measure.perName }),
            PageColumn("BASE", "right", text: { ComparisonTable.value($0.baseMedian, $0.measure) }),
            PageColumn("NEW", "right", text: { ComparisonTable.value($0.newMedian, $0.measure) }),
            PageColumn("RATIO", markup: drawing),
            PageColumn("IN WORDS", text: { EffectWords(row: $0).text }),
            PageColumn("P", "right", text: { $0.p.map(ComparisonTable.probability) ?? "" }),
            PageColumn("FINDS", "right", text: { $0.detectable.map(ComparisonTable.factor) ?? "" }),
        ]
    }

    /// More is worse in every row that has a verdict.
    private func colour(_ row: ComparedRow) -> String {
        switch row.verdict {
        case .less: "less"
        case .more: "more"
        case .nothingShown, .untested: "untold"
        }
    }

    private func drawing(_ row: ComparedRow) -> String {
        let size = ForestTable.size
        func x(_ ratio: Double) -> String { Markup.coordinate(6 + scale.position(ratio) * (size.width - 12)) }
        let middle = Markup.coordinate(size.height / 2)
        var parts = "<path class=\"mark\" d=\"M\(x(1)) 0V\(Markup.coordinate(size.height))\"/>"
        if let interval = row.interval, interval.lower < .infinity {
            parts += "<path class=\"line\" d=\"M\(x(interval.lower)) \(middle)H\(x(interval.upper))\"/>"
            if scale.position(interval.lower) <= 0 { parts += "<path class=\"line\" d=\"M10 5L5 10L10 15\"/>" }
            if scale.position(interval.upper) >= 1 { parts += "<path class=\"line\" d=\"M270 5L275 10L270 15\"/>" }
        }
        if let ratio = row.ratio {
            parts += "<circle class=\"dot\" cx=\"\(x(ratio))\" cy=\"\(middle)\" r=\"4\"/>"
        }
        return Markup.element(
            "svg", ["class": "forest \(colour(row))", "viewBox": "0 0 280 20", "aria-hidden": "true"], parts)
    }
}
