import SystemCalls

/// Text of HTML and SVG.
enum Markup {
    /// Text of whomever as text that is no markup, in elements and in quoted attributes: control characters and what turns
    /// the direction of writing are escaped as everywhere (`EscapedBytes`).
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in EscapedBytes.visible(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // What is no character, and what HTML does not allow.
            case _ where scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value):
                escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// An element without attributes.
    /// - Parameter content: is markup.
    static func element(_ name: String, _ content: String) -> String { "<\(name)>\(content)</\(name)>" }

    /// An element.
    /// - Parameters:
    ///   - attributes: their values are escaped here.
    ///   - content: is markup.
    static func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String) -> String {
        let list = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
        return "<\(name)\(list)>\(content)</\(name)>"
    }

    /// A coordinate, to a tenth of a pixel; what lies far outside of any plot stays outside.
    static func coordinate(_ value: Double) -> String {
        let tenths = value.isFinite ? Int((min(max(value, -1e5), 1e5) * 10).rounded()) : 0
        let (whole, part) = abs(tenths).quotientAndRemainder(dividingBy: 10)
        return (tenths < 0 ? "-" : "") + (part == 0 ? "\(whole)" : "\(whole).\(part)")
    }
}
