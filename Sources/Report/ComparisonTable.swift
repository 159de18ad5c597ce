import Contention

/// The columns of a comparison, for the screen and for Markdown.
enum ComparisonTable {
    /// On the screen the lock stands above its measures, and names are short.
    static var screen: [Column<ComparedRow>] {
        columns(measure: { $0.measure.shortTitle }, per: { $0.kind ?? $0.measure.shortPer })
    }
    static var markdown: [Column<ComparedRow>] {
        columns(measure: { $0.measure.title }, per: { $0.kind ?? $0.measure.perName })
    }

    private static func columns(
        measure: @escaping (ComparedRow) -> String, per: @escaping (ComparedRow) -> String
    ) -> [Column<ComparedRow>] {
        [
            Column("MEASURE", .left, width: 14, cell: measure),
            Column("PER", .left, width: 5, cell: per),
            Column("BASE", .right, width: 6) { value($0.baseMedian, $0.measure) },
            Column("NEW", .right, width: 6) { value($0.newMedian, $0.measure) },
            Column("SHIFT", .right, width: 6, dropOrder: 4) { signed($0.shift, $0.measure) },
            Column("RATIO", .right, width: 5) { ratio($0) },
            Column("95 % INTERVAL", .left, width: 13, dropOrder: 1) { interval($0) },
            Column("P", .right, width: 6, dropOrder: 3) { $0.p.map(probability) ?? "" },
            Column("FINDS", .right, width: 5, dropOrder: 2) { $0.detectable.map(factor) ?? "" },
            Column("SHOWN", .left, width: 5) { shown($0) },
        ]
    }

    static func value(_ value: Double, _ measure: Measure) -> String {
        switch (measure.quantity, measure.per) {
        case (.total, _), (.mean, _): value < 1000 ? "\(digits(value)) ns" : Units.duration(value)
        case (.number, .sample): digits(value * 100) + " %"
        case (.number, _): amount(value)
        }
    }

    /// Four significant digits, as `5.000` and `4.988` are not the same; whole numbers from a thousand on.
    private static func amount(_ value: Double) -> String {
        switch value {
        case 0: "0"
        case ..<1: Units.significant(value)
        case ..<10: Units.decimals(value, 3)
        case ..<100: Units.decimals(value, 2)
        case ..<1000: Units.decimals(value, 1)
        default: Units.rate(value)
        }
    }

    private static func digits(_ value: Double) -> String {
        value > 0 && value < 1 ? Units.significant(value) : Units.rate(value)
    }

    private static func signed(_ value: Double, _ measure: Measure) -> String {
        (value > 0 ? "+" : value < 0 ? "-" : "") + self.value(abs(value), measure)
    }

    private static func ratio(_ row: ComparedRow) -> String {
        row.ratio.map(factor) ?? (row.newMedian > 0 ? "from 0" : "-")
    }

    /// `0.790 to 0.860`; `any` where nothing is rejected.
    static func interval(_ row: ComparedRow) -> String {
        guard let interval = row.interval, interval.lower < .infinity else { return "" }
        switch (interval.lower, interval.upper) {
        case (0, .infinity): return "any"
        case (let lower, .infinity): return "\(factor(lower)) or more"
        case (let lower, let upper): return "\(factor(lower)) to \(factor(upper))"
        }
    }

    private static func shown(_ row: ComparedRow) -> String {
        guard row.isSame == true else { return row.verdict.rawValue }
        return row.verdict == .nothingShown ? "same" : "\(row.verdict.rawValue), same"
    }

    /// `0.800`, `1.025`, `12.3`
    static func factor(_ ratio: Double) -> String {
        switch ratio {
        case 0: "0"
        case ..<1: Units.significant(ratio)
        case ..<10: Units.decimals(ratio, 3)
        default: Units.rate(ratio)
        }
    }

    static func probability(_ p: Double) -> String {
        p < 0.0001 ? "<0.0001" : p < 1 ? Units.decimals(p, 4) : "1"
    }
}
