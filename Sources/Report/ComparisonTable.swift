import Contention

/// The columns of a comparison, for the screen and for Markdown.
enum ComparisonTable {
    static var columns: [Column<ComparedRow>] {
        [
            Column("MEASURE", .left, width: 20) { $0.measure.name },
            Column("PER", .left, width: 5) { $0.measure.perName },
            Column("N", .right, width: 3, dropOrder: 2) { "\($0.base.count)+\($0.new.count)" },
            Column("BASE", .right, width: 6) { value($0.baseMedian, $0.measure) },
            Column("NEW", .right, width: 6) { value($0.newMedian, $0.measure) },
            Column("SHIFT", .right, width: 6, dropOrder: 1) { signed($0.shift, $0.measure) },
            Column("RATIO", .right, width: 5) { $0.ratio.map(factor) ?? "-" },
            Column("95 % INTERVAL", .left, width: 13) { interval($0) },
            Column("P", .right, width: 6) { $0.p.map(probability) ?? "-" },
            Column("SHOWN", .left, width: 5) { $0.verdict.rawValue },
        ]
    }

    private static func value(_ value: Double, _ measure: Measure) -> String {
        switch (measure.quantity, measure.per) {
        case (.nanoseconds, _): Units.duration(value)
        case (.count, .sample): amount(value * 100) + " %"
        case (.count, _): amount(value)
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

    private static func signed(_ value: Double, _ measure: Measure) -> String {
        (value > 0 ? "+" : value < 0 ? "-" : "") + self.value(abs(value), measure)
    }

    private static func interval(_ row: ComparedRow) -> String {
        guard row.ratio != nil else { return "" }
        return "\(row.interval.lower.map(factor) ?? "?") to \(row.interval.upper.map(factor) ?? "?")"
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
