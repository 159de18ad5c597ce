import Testing

@testable import Contention

@Suite struct TimestampTests {
    /// From GNU date: `date -u -d @SECONDS +%FT%TZ`.
    @Test(
        "seconds are the calendar's date and time",
        arguments: [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (1_740_787_199, "2025-02-28T23:59:59Z"),
            (1_740_787_200, "2025-03-01T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (-2_203_891_200, "1900-03-01T00:00:00Z"),
        ])
    func secondsAreTheCalendarsDateAndTime(seconds: Int64, expected: String) {
        #expect(Timestamp.rfc3339(seconds * 1_000_000_000, digits: 0) == expected)
    }

    @Test("fractions are cut off, not rounded")
    func fractionsAreCutOffNotRounded() {
        #expect(Timestamp.rfc3339(1_999_999_999) == "1970-01-01T00:00:01.999999999Z")
        #expect(Timestamp.rfc3339(1_999_999_999, digits: 3) == "1970-01-01T00:00:01.999Z")
        #expect(Timestamp.rfc3339(1_000_000_001) == "1970-01-01T00:00:01.000000001Z")
        #expect(Timestamp.rfc3339(-1) == "1969-12-31T23:59:59.999999999Z")
    }

    @Test("every day of four hundred years follows the one before")
    func everyDayOfFourHundredYearsFollowsTheOneBefore() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day) = (Int64(1970), Int64(1), Int64(1))
        for number in Int64(0)..<146_097 {
            let found = Timestamp.civil(number)
            guard found == (year, month, day) else {
                Issue.record("day \(number) is \(found)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            day += 1
            if day > Int64(lengths[Int(month) - 1] + (month == 2 && isLeap ? 1 : 0)) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
