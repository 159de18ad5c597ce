import Contention

/// A comparison of two sides in one sentence.
public struct ComparisonAnswer: Sendable {
    private let comparison: Comparison
    /// Differences, and measures without one, that are named at most.
    private static let named = 3

    public init(_ comparison: Comparison) { self.comparison = comparison }

    /// `per run: 20,200 -> 402 write sections (50.2 times fewer, 95 % 49.8 to 50.6); mountinfo pages cannot be told apart`
    public var text: String {
        guard let side = comparison.sides.first else { return "nothing could be compared" }
        guard !side.rows.isEmpty else {
            let silent = side.silent.filter { $0.quantity == .number }.map(\.noun)
            return silent.isEmpty
                ? "nothing could be compared" : "no difference: no \(silent.joined(separator: ", no ")) in any run"
        }
        guard side.isTested else { return few(side) }
        let shown = side.judged.filter { $0.verdict == .more || $0.verdict == .less }.sorted(by: isClearer)
        let untold = side.judged.filter { $0.verdict == .nothingShown }
        var parts = grouped(Array(shown.prefix(ComparisonAnswer.named)), difference)
        if shown.count > ComparisonAnswer.named {
            parts.append("\(shown.count - ComparisonAnswer.named) more differ")
        }
        if shown.isEmpty { parts.append("no difference is shown") }
        if !untold.isEmpty { parts.append(apart(untold)) }
        return parts.joined(separator: "; ")
    }

    private func few(_ side: ComparedSide) -> String {
        let rows = side.rows.filter { $0.isGated }
        return grouped(Array((rows.isEmpty ? side.rows : rows).prefix(ComparisonAnswer.named)), change)
            .joined(separator: "; ") + "; fewer than \(Comparison.leastRuns) runs a side, no verdict"
    }

    /// What the amounts are divided by stands once, before those that have it in common.
    private func grouped(_ rows: [ComparedRow], _ tell: (ComparedRow) -> String) -> [String] {
        var latest: String?
        return rows.map { row in
            let per = row.kind ?? row.measure.perName
            defer { latest = per }
            // A share is of all samples whatever was done.
            return per == latest || row.measure.per == .sample ? tell(row) : "per \(per): \(tell(row))"
        }
    }

    /// Numbers before times, and what differs by more before what differs by less.
    private func isClearer(_ one: ComparedRow, than other: ComparedRow) -> Bool {
        func rank(_ row: ComparedRow) -> (Int, Double) {
            let ratio = row.ratio ?? .infinity
            return (row.measure.quantity == .number ? 0 : 1, ratio > 0 ? -max(ratio, 1 / ratio) : -.infinity)
        }
        return rank(one) < rank(other)
    }

    private func change(_ row: ComparedRow) -> String {
        let (base, new) = (row.baseMedian, row.newMedian)
        return
            "\(ComparisonTable.value(base, row.measure)) -> \(ComparisonTable.value(new, row.measure)) \(row.measure.noun)"
    }

    private func difference(_ row: ComparedRow) -> String { "\(change(row)) (\(EffectWords(row: row).difference))" }

    private func apart(_ rows: [ComparedRow]) -> String {
        let same = rows.filter { $0.isSame == true }
        func isConstant(_ row: ComparedRow) -> Bool { (row.base + row.new).allSatisfy { $0 == row.base[0] } }
        let constant = rows.filter { $0.isSame != true && isConstant($0) }
        let untold = rows.filter { $0.isSame != true && !isConstant($0) }
        var parts: [String] = []
        if !constant.isEmpty { parts.append("\(list(constant)) the same in every run") }
        if !same.isEmpty, let margin = comparison.sameWithin {
            parts.append("\(list(same)) the same within \(ComparisonHeadline.percent(margin))")
        }
        if !untold.isEmpty { parts.append("\(list(untold)) cannot be told apart") }
        return parts.joined(separator: "; ")
    }

    /// Numbers first: a time of what did not change in number is less of a surprise.
    private func list(_ rows: [ComparedRow]) -> String {
        let names = rows.sorted { $0.measure.quantity == .number && $1.measure.quantity != .number }.map(\.measure.noun)
        let named = names.prefix(ComparisonAnswer.named)
        let more = names.count - named.count
        return named.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
