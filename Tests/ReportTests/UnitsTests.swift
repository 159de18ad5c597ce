import Testing

@testable import Report

@Suite struct UnitsTests {
    @Test(
        "durations have three digits",
        arguments: [
            (0, "0 ns"), (850, "850 ns"), (999, "999 ns"), (1_000, "1.00 us"), (1_234, "1.23 us"), (9_994, "9.99 us"),
            (9_996, "10.0 us"), (99_949, "99.9 us"), (99_960, "100 us"), (999_499, "999 us"), (999_500, "1.00 ms"),
            (1_234_567, "1.23 ms"), (12_345_678_901, "12.3 s"), (999_400_000_000, "999 s"),
            (1_234_400_000_000, "1,234 s"),
            (.max, "18,446,744,074 s"),
        ] as [(UInt64, String)])
    func durationsHaveThreeDigits(nanoseconds: UInt64, expected: String) {
        #expect(Units.duration(nanoseconds) == expected)
    }

    @Test(
        "counts are grouped and then shortened",
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (9_999_999, "9,999,999"),
            (10_000_000, "10.0 M"), (999_600_000, "1.00 G"), (.max, "18.4 E"),
        ] as [(UInt64, String)])
    func countsAreGroupedAndThenShortened(count: UInt64, expected: String) { #expect(Units.count(count) == expected) }

    @Test(
        "one thing is not many",
        arguments: [(0, "0 sockets"), (1, "1 socket"), (2, "2 sockets"), (11, "11 sockets")] as [(Int, String)])
    func oneThingIsNotMany(count: Int, expected: String) { #expect(Units.amount(count, "socket") == expected) }

    @Test(
        "rates have three digits at least",
        arguments: [
            (0, "0"), (0.004, "0.00"), (0.126, "0.13"), (1, "1.00"), (12.34, "12.3"), (999.4, "999"), (999.6, "1,000"),
            (123_456.7, "123,457"), (999_999.6, "1.00 M"), (1_234_567, "1.23 M"), (5e12, "5.00 T"),
        ] as [(Double, String)])
    func ratesHaveThreeDigitsAtLeast(perSecond: Double, expected: String) { #expect(Units.rate(perSecond) == expected) }

    @Test(
        "elapsed times are in the units of a clock",
        arguments: [
            (0, "0 s"), (59_900_000_000, "59 s"), (61_000_000_000, "1 min 01 s"), (3_600_000_000_000, "1 h 00 min"),
            (90_061_000_000_000, "25 h 01 min"),
        ] as [(UInt64, String)])
    func elapsedTimesAreInTheUnitsOfAClock(nanoseconds: UInt64, expected: String) {
        #expect(Units.elapsed(nanoseconds) == expected)
    }

    @Test("plain numbers have no separators")
    func plainNumbersHaveNoSeparators() {
        #expect(Units.plain(1234.567) == "1234.57")
        #expect(Units.plain(0.004) == "0.00")
    }
}

@Suite struct WrappingTests {
    @Test("lines break between words and go on indented")
    func linesBreakBetweenWordsAndGoOnIndented() {
        #expect("one two three four".wrapped(to: 9) == ["one two", "  three", "  four"])
        #expect("one two".wrapped(to: 6, indent: 2) == ["  one", "    two"])
    }

    @Test("a word that is too long is not cut")
    func aWordThatIsTooLongIsNotCut() {
        #expect("a verylongword b".wrapped(to: 5) == ["a", "  verylongword", "  b"])
        #expect("".wrapped(to: 5) == [])
    }
}

@Suite struct TableTests {
    private let columns: [Column<[String]>] = [
        Column("NAME", .left, width: 6) { $0[0] },
        Column("NUMBER", .right, width: 4, dropOrder: 1) { $0[1] },
        Column("EXTRA", .left, width: 0, dropOrder: 2) { $0[2] },
    ]
    private let rows = [["a", "1", "x"], ["longer", "1234567", ""]]

    @Test("columns are as wide as their widest cell and aligned")
    func columnsAreAsWideAsTheirWidestCellAndAligned() {
        let table = Table(columns, rows, fitting: 80)
        #expect(
            [table.header] + table.lines == [
                "NAME     NUMBER  EXTRA",
                "a             1  x",
                "longer  1234567",
            ])
    }

    @Test("gaps shrink before columns go")
    func gapsShrinkBeforeColumnsGo() {
        #expect(Table(columns, rows, fitting: 21).header == "NAME    NUMBER EXTRA")
        #expect(Table(columns, rows, fitting: 19).header == "NAME     NUMBER")
        #expect(Table(columns, rows, fitting: 13).header == "NAME")
        #expect(Table(columns, rows, fitting: 2).header == "NAME")
    }
}
