import Contention

/// How large a difference is, in words.
struct EffectWords {
    let row: ComparedRow

    /// Of a row that differs: `50.2 times fewer, 95 % 49.8 to 50.6`
    var difference: String {
        let isLess = row.verdict == .less
        let isCount = row.measure.quantity == .number && row.measure.per != .sample
        let word = isLess ? (isCount ? "fewer" : "less") : "more"
        guard let ratio = row.ratio else { return "none before" }
        guard ratio > 0 else { return "none any more" }
        func turned(_ value: Double) -> Double { isLess ? (value > 0 ? 1 / value : .infinity) : value }
        let ends = row.interval.map { [turned($0.lower), turned($0.upper)].sorted() }
        let factor = turned(ratio)
        func interval(_ tell: (Double) -> String) -> String {
            guard let ends, ends[0] < .infinity else { return "" }
            return ", 95 % \(tell(ends[0])) \(ends[1] < .infinity ? "to \(tell(ends[1]))" : "or more")"
        }
        if factor >= 1.5 {
            let told = ComparisonTable.factor(factor)
            return
                (isLess
                ? "\(told) times \(word)" : "\(told) times as \(isCount ? "many" : "much")")
                + interval(ComparisonTable.factor)
        }
        func percent(_ factor: Double) -> String {
            Units.decimals(max(0, isLess ? 1 - 1 / factor : factor - 1) * 100, 1)
        }
        return "\(percent(factor)) % \(word)" + interval(percent)
    }

    /// Of any row: what differs in words, else the ratio and its interval.
    var text: String {
        let same = row.isSame == true ? "; shown to be the same" : ""
        switch row.verdict {
        case .less, .more: return difference + same
        case .nothingShown, .untested: break
        }
        let ratio = row.ratio.map { "\(ComparisonTable.factor($0)) times" } ?? (row.newMedian > 0 ? "none before" : "-")
        let interval = ComparisonTable.interval(row)
        let ends = interval.isEmpty ? "" : ", 95 % \(interval)"
        guard row.verdict == .nothingShown else { return ratio + ends }
        return ratio + ends + (same.isEmpty ? "; no difference is shown" : same)
    }
}
