import Testing

@testable import Contention
@testable import Report

@Suite struct ComparisonPageTests {
    private func group(_ name: String, _ sections: [UInt64]) -> RunGroup {
        RunGroup(
            name: name,
            runs: sections.enumerated().map { index, count in
                var run = RunFacts(
                    id: "\(name)\(index)", name: "runs/\(name)\(index)",
                    totals: [
                        SeriesKey(.writeSections): RunTotal(mode: .exact, count: count, lost: 0),
                        SeriesKey(.readRetries, site: "walk"): RunTotal(
                            mode: .exact, count: 500 + UInt64(index), lost: 0),
                    ],
                    workload: WorkloadCounts(operations: ["remount": 1000, "stat": 1000]))
                run.start = Int64(index) * 1_000_000_000
                return run
            })
    }

    private func compare(_ base: String, _ new: String) throws -> Comparison {
        var options = ComparisonOptions()
        options.metrics = ["write_sections", "read_retries"]
        return try Comparison(
            [
                group(base, [2000, 2001, 2002, 2003, 2004, 2005, 2006]),
                group(new, [1000, 1001, 1002, 1003, 1004, 1005, 1006]),
            ], options: options)
    }

    @Test("the answer comes first, then each measure with its ratio, its interval and p, drawn and in words")
    func page() throws {
        let comparison = try compare("5.10", "6.1")
        let page = PageCheck(text: ComparisonPage(comparison).text)
        #expect(page.unbalanced == [])
        let answer = Markup.escaped(ComparisonAnswer(comparison).text)
        #expect(page.count("<p class=\"verdict\">\(answer).</p>") == 1)
        let row = try #require(comparison.sides[0].rows.first { $0.measure.metric == .writeSections })
        #expect(row.verdict == .less)
        let words = EffectWords(row: row).difference
        #expect(words.hasPrefix("1.997 times fewer, 95 % 1.992 to 2.002"))
        #expect(page.count(words) == 2)
        #expect(page.count("class=\"forest less\"") == 1 && page.count("class=\"forest untold\"") == 1)
        #expect(page.count("; no difference is shown</td>") == 1)
        #expect(page.section("Runs").contains("runs/6.16"))
    }

    @Test("a dot lies at the ratio and a line over the interval, on one scale for all measures")
    func forest() throws {
        let comparison = try compare("5.10", "6.1")
        let side = comparison.sides[0]
        let html = ForestTable(side).html
        let row = try #require(side.rows.first { $0.measure.metric == .writeSections })
        let ratio = try #require(row.ratio)
        let lower = try #require(row.interval?.lower)
        // The least ratio is nearly at the left edge, 1 in the middle.
        let circles = html.matches(of: #/cx="([0-9.]+)"/#).compactMap { Double($0.1) }
        #expect(circles.count == 2 && circles.contains { $0 < 20 } && circles.contains { abs($0 - 140) < 3 })
        #expect(ratio > lower && html.contains("<path class=\"mark\" d=\"M140 0V20\"/>"))
    }

    @Test("names of runs and sides are text")
    func hostile() throws {
        let page = PageCheck(text: ComparisonPage(try compare("<script>", "a&b")).text)
        #expect(page.count("<script") == 0 && page.unbalanced == [] && page.count("a&amp;b") > 2)
    }

    @Test("of too few runs there are ratios and no verdict")
    func few() throws {
        let comparison = try Comparison([group("a", [10, 11]), group("b", [20, 22])])
        let page = PageCheck(text: ComparisonPage(comparison).text)
        #expect(page.unbalanced == [] && page.count("fewer than 6 a side are no comparison") == 1)
        #expect(page.count("forest untold") == comparison.sides[0].rows.count)
    }
}
