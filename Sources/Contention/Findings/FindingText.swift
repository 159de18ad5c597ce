/// Numbers in the sentences of findings.
enum FindingText {
    /// `1,234`
    static func count(_ value: UInt64) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// One decimal: `2.5`, `1,234.0` without its zero.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e15 else { return "?" }
        let tenths = UInt64((value * 10).rounded())
        return count(tenths / 10) + (tenths % 10 == 0 ? "" : ".\(tenths % 10)")
    }

    static func percent(_ share: Double) -> String { "\(decimal(share * 100)) %" }

    /// `1.5 ms`
    static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1000: "\(nanoseconds) ns"
        case ..<1_000_000: "\(decimal(Double(nanoseconds) / 1e3)) us"
        case ..<1_000_000_000: "\(decimal(Double(nanoseconds) / 1e6)) ms"
        default: "\(decimal(Double(nanoseconds) / 1e9)) s"
        }
    }

    static func amount(_ value: UInt64, _ one: String) -> String { "\(count(value)) \(one)" + (value == 1 ? "" : "s") }
}
