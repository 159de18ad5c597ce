/// Moments as text (RFC 3339), always UTC.
public enum Timestamp {
    /// `2026-08-02T10:11:12.123456789Z`
    /// - Parameters:
    ///   - nanoseconds: since 1970 UTC, may be negative.
    ///   - digits: 0 to 9 digits of the second's fraction; cut off, not rounded, so that no moment lies in the future.
    public static func rfc3339(_ nanoseconds: Int64, digits: Int = 9) -> String {
        let (seconds, fraction) = floorDivide(nanoseconds, by: 1_000_000_000)
        let (days, second) = floorDivide(seconds, by: 86_400)
        let (year, month, day) = civil(days)
        var text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        text += "T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
        if digits > 0 { text += "." + pad(fraction, 9).prefix(digits) }
        return text + "Z"
    }

    /// The date of a number of days since 1970-01-01, in the proleptic Gregorian calendar
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Years begin in March here, so that the leap day is a year's last; an era is 400 years, 146,097 days.
        let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    /// Nanoseconds since 1970 UTC of a text as `rfc3339` writes it, with up to nine digits of the second's fraction; nil
    /// for every other text, also for days that no calendar has.
    public static func nanoseconds(rfc3339 text: String) -> Int64? {
        let bytes = Array(text.utf8)
        let template = Array("dddd-dd-ddTdd:dd:dd".utf8)
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        guard bytes.count > template.count, bytes.last == UInt8(ascii: "Z") else { return nil }
        for (byte, expected) in zip(bytes, template) {
            guard expected == UInt8(ascii: "d") ? isDigit(byte) : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 & 0xF) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        let fraction = bytes[template.count..<bytes.count - 1]
        guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") && (2...10).contains(fraction.count),
            fraction.dropFirst().allSatisfy(isDigit), (1...12).contains(month), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = days(year, month, day)
        guard civil(days) == (year, month, day) else { return nil }
        let digits = fraction.dropFirst()
        let part = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 & 0xF) }
        let scale = (0..<9 - digits.count).reduce(Int64(1)) { scale, _ in scale * 10 }
        let (whole, overflows) = (days * 86_400 + hour * 3600 + minute * 60 + second).multipliedReportingOverflow(
            by: 1_000_000_000)
        let (sum, wraps) = whole.addingReportingOverflow(part * scale)
        return overflows || wraps ? nil : sum
    }

    /// Days since 1970-01-01 of a date (Hinnant's days_from_civil, the inverse of `civil`).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
