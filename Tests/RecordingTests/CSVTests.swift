import Testing

@testable import Contention
@testable import Recording

@Suite struct CSVRowsTests {
    private func text(_ rows: CSVRows) -> String { String(decoding: rows.bytes, as: UTF8.self) }

    @Test("only cells that need quotes have them")
    func onlyCellsThatNeedQuotesHaveThem() {
        var rows = CSVRows()
        for cell in ["plain", "", "a,b", "say \"no\"", "two\nlines", "a\rb", " spaces ", "é"] { rows.append(cell) }
        rows.endRow()
        #expect(text(rows) == "plain,,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"a\rb\", spaces ,é\n")
    }

    @Test("what is not known is an empty cell, and zero is zero")
    func whatIsNotKnownIsAnEmptyCellAndZeroIsZero() {
        var rows = CSVRows()
        rows.append(UInt64.max as UInt64?)
        rows.append(nil as UInt64?)
        rows.append(0 as Int?)
        rows.append(-5 as Int64?)
        rows.endRow()
        #expect(text(rows) == "18446744073709551615,,0,-5\n")
    }

    @Test("a row that begins with an empty cell keeps it")
    func aRowThatBeginsWithAnEmptyCellKeepsIt() {
        var rows = CSVRows()
        rows.append("")
        rows.append("b")
        rows.endRow()
        #expect(text(rows) == ",b\n")
        #expect(rows.rowEnds == [3])
    }
}

@Suite struct RowFileTests {
    /// Rows of these lengths, in a file of this length.
    private func chunks(_ lengths: [Int], offset: Int, page: Int = 100) -> [Int] {
        var ends: [Int] = []
        for length in lengths { ends.append((ends.last ?? 0) + length) }
        return RowFile.chunkEnds(rowEnds: ends, offset: offset, pageSize: page)
    }

    @Test("rows that fit the page are one write")
    func rowsThatFitThePageAreOneWrite() {
        #expect(chunks([30, 30, 40], offset: 0) == [100])
        #expect(chunks([30, 30], offset: 40) == [60])
    }

    @Test("a row across a page boundary is a write of its own")
    func aRowAcrossAPageBoundaryIsAWriteOfItsOwn() {
        #expect(chunks([30, 30, 50, 20], offset: 0) == [60, 110, 130])
        #expect(chunks([50, 20], offset: 90) == [50, 70])
    }

    @Test("a row that ends with the page does not cross")
    func aRowThatEndsWithThePageDoesNotCross() {
        #expect(chunks([50, 50, 50], offset: 0) == [100, 150])
    }

    @Test("no rows are no write")
    func noRowsAreNoWrite() { #expect(chunks([], offset: 50) == []) }

    @Test("every write ends with a row and only single rows cross")
    func everyWriteEndsWithARowAndOnlySingleRowsCross() {
        var state: UInt64 = 7
        for _ in 0..<500 {
            var lengths: [Int] = []
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                lengths.append(Int(state >> 33) % 120 + 1)
            }
            let offset = Int(state >> 40) % 1_000
            let ends = lengths.reduce(into: [Int]()) { $0.append(($0.last ?? 0) + $1) }
            let found = RowFile.chunkEnds(rowEnds: ends, offset: offset, pageSize: 100)
            #expect(found.last == ends.last)
            var start = 0
            for end in found {
                #expect(ends.contains(end))
                let isSingleRow = !ends.contains { start < $0 && $0 < end }
                #expect(isSingleRow || (offset + start) / 100 == (offset + end - 1) / 100)
                start = end
            }
        }
    }
}

@Suite struct RunIdentifierTests {
    @Test("an identifier is a version four UUID")
    func anIdentifierIsAVersionFourUUID() {
        #expect(RunIdentifier.format(Array(repeating: 0xFF, count: 16)) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(RunIdentifier.format(Array(0..<16)) == "00010203-0405-4607-8809-0a0b0c0d0e0f")
    }

    @Test("identifiers differ")
    func identifiersDiffer() throws { #expect(try RunIdentifier.random() != RunIdentifier.random()) }
}
