import ArgumentParser

/// A length of time on the command line: `250us`, `500ms`, `2s`, `1.5s`, `5m`, `1h`, or a number of seconds.
struct DurationArgument: Equatable, Sendable, CustomStringConvertible {
    /// Never 0, at most a year.
    let nanoseconds: UInt64
    /// As it was written.
    let description: String

    static let second = DurationArgument(nanoseconds: 1_000_000_000, description: "1s")
    /// The shortest interval: reading hundreds of CPUs' counters more often would measure mountscope.
    static let shortestInterval: UInt64 = 10_000_000
    private static let longest: UInt64 = 365 * 86_400 * 1_000_000_000

    /// - Throws: `ValidationError`, a usage error, for anything but a positive duration.
    static func parse(_ text: String) throws -> DurationArgument {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = unit(text[number.endIndex...]), let value = decimal(number, unit: unit) else {
            throw ValidationError("\"\(text)\" is no duration; write 500ms, 2s, 5m or 1h, above 0 and a year at most")
        }
        guard value > 0 else { throw ValidationError("\"\(text)\" is too short; a duration is above 0") }
        guard value <= longest else { throw ValidationError("\"\(text)\" is too long; a year is the most") }
        return DurationArgument(nanoseconds: value, description: text)
    }

    /// - Throws: `ValidationError` for less than the shortest interval.
    static func parseInterval(_ text: String) throws -> DurationArgument {
        let interval = try parse(text)
        guard interval.nanoseconds >= shortestInterval else {
            throw ValidationError("\"\(text)\" is too short for an interval; 10ms is the least")
        }
        return interval
    }

    /// Nanoseconds.
    private static func unit(_ suffix: Substring) -> UInt64? {
        switch suffix {
        case "us": 1000
        case "ms": 1_000_000
        case "s", "": 1_000_000_000
        case "m", "min": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }

    /// The number times the unit, cut to whole nanoseconds; nil for no number and for one that overflows.
    private static func decimal(_ number: Substring, unit: UInt64) -> UInt64? {
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ UInt64($0) }) else { return nil }
        let (value, overflows) = whole.multipliedReportingOverflow(by: unit)
        guard !overflows else { return .max }
        guard parts.count == 2 else { return value }
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        var fraction: UInt64 = 0
        var place = unit
        for digit in parts[1].utf8 {
            place /= 10
            fraction += UInt64(digit - UInt8(ascii: "0")) * place
        }
        return value.addingReportingOverflow(fraction).partialValue
    }
}
