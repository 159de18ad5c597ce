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

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
