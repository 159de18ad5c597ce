import Testing

@testable import Contention
@testable import Report

@Suite struct RunPageTests {
    private func page(_ fixture: PageFixture = PageFixture()) throws -> PageCheck {
        PageCheck(text: RunPage(try fixture.run()).text)
    }

    @Test("every element is closed, of a calm run, a hostile one and one of many CPUs")
    func everyElementIsClosed() throws {
        #expect(try page().unbalanced == [])
        #expect(try page(PageFixture(isHostile: true)).unbalanced == [])
        #expect(try page(PageFixture(intervals: 300, cpus: Array(0..<192))).unbalanced == [])
    }

    @Test(
        "nothing is loaded from elsewhere and nothing is run",
        arguments: ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link", "onload"])
    func nothingIsLoadedFromElsewhere(_ trace: String) throws {
        #expect(try page().count(trace) == 0)
    }

    @Test("what the host, its processes and its containers say of themselves is text, not markup")
    func whatOthersSayIsText() throws {
        let page = try page(PageFixture(isHostile: true))
        let shown = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\\x1B[2J\\xE2\\x80\\xAE"
        #expect(page.count("<script") == 0 && page.count("\u{1B}") == 0 && page.count("\u{202E}") == 0)
        for heading in ["Findings", "Who", "Scans and mount tables", "Data"] {
            #expect(page.section(heading).contains(shown), "\(heading)")
        }
        #expect(try self.page().count("sh -c 'a &amp;&amp; b &lt;c'") == 1)
    }

    @Test("the verdict comes first, in the words of the text report, then the numbers, and the data last")
    func order() throws {
        let run = try PageFixture().run()
        let page = PageCheck(text: RunPage(run).text)
        let words = VerdictWords(run.summary.verdict(cpus: 3), CostSheet(run.summary, cpus: 3))
        #expect(page.count("<p class=\"verdict storm\"><b>STORM</b> \(Markup.escaped(words.text))</p>") == 1)
        #expect(RunReport(run).text(width: .max).hasPrefix("STORM  >0.20 of 3 CPUs lost to mount_lock: 0.15 spin"))
        #expect(words.text.hasPrefix(">0.20 of 3 CPUs lost to mount_lock: 0.15 spin"))
        let headings = page.text.split(separator: "<h2>").dropFirst().map { $0.prefix { $0 != "<" } }
        let expected: [Substring] = [
            "Costs", "Findings", "Over time", "Who", "Scans and mount tables", "CPUs", "Distributions", "Data",
        ]
        #expect(headings == expected)
        #expect(page.count("<h1>") == 1 && page.count("<h3") == 0 && page.tags("section").count == headings.count)
    }

    @Test("the findings are those of the text report, with what to change")
    func findings() throws {
        let run = try PageFixture().run()
        let section = PageCheck(text: RunPage(run).text).section("Findings")
        #expect(run.findings.count == 2)
        for finding in run.findings {
            #expect(section.contains("<b>\(Markup.escaped(finding.sentence))</b>"))
            #expect(section.contains("change: \(Markup.escaped(finding.advice))"))
        }
    }

    @Test("findings of one kind stand together, the advice once")
    func kinds() {
        let all = (1...7).map { number in
            Finding(
                .blindRereader, subject: "\(number)", sentence: "reader \(number) & more", value: 1, threshold: 1,
                cost: number == 1 ? 2_000 : nil)
        }
        let page = PageCheck(text: FindingList(all).html)
        #expect(page.tags("li").count == 1 && page.count("change: ") == 1 && page.unbalanced == [])
        #expect(page.count("<b>reader 1 &amp; more</b> (at most 2.00 us)") == 1 && page.count("reader 6") == 0)
        #expect(page.count("and 2 more of this kind") == 1)
    }

    @Test("tables have captions and say what their headings are of, plots have words and a title")
    func words() throws {
        let page = try page()
        #expect(page.tags("table").count == page.tags("caption").count && page.tags("table").count >= 10)
        #expect(page.tags("th").allSatisfy { $0.contains("scope=\"") })
        #expect(page.tags("figure").count == page.tags("figcaption").count && page.tags("figure").count >= 6)
        #expect(
            page.tags("svg").allSatisfy {
                $0.contains("aria-hidden=\"true\"") || ($0.contains("role=\"img\"") && !$0.contains("aria-label=\"\""))
            })
    }

    @Test("a series has one colour through the whole page")
    func colours() throws {
        let page = try page()
        let number = CostRow.tablePages.place
        #expect(page.section("Costs").contains("<span class=\"key c\(number)\"></span>mount table pages"))
        #expect(page.section("Over time").contains("<span class=\"key c\(number)\"></span>mount table pages"))
        #expect(page.section("Distributions").contains("<path class=\"area c\(number)\""))
        #expect(page.section("Over time").contains("<span class=\"key c\(CostRow.readerSpins.place)\"></span>spin"))
    }

    @Test("numbers as large as a file can hold make a page", arguments: [1, 1_000_000_000, UInt64(1) << 60])
    func numbersAsLargeAsAFileCanHoldMakeAPage(_ elapsed: UInt64) throws {
        var builder = RunTotalsBuilder(start: (0, 0), isSparse: false, byCPU: true)
        for (series, cpu) in [(0, nil), (1, nil), (1, 0), (3, nil), (3, 2)] as [(Int, Int?)] {
            var record = IntervalRecord()
            record.series = series
            record.sequence = 1
            record.elapsed = elapsed
            record.monotonic = elapsed
            record.cpu = cpu
            record.count = .max / 16
            record.nanoseconds = series == 3 ? .max / 2 : nil
            record.maximum = record.nanoseconds
            builder.add(record, PageFixture.names)
        }
        builder.add(bucket: HistogramLayout.bucketCount - 1, count: .max / 16, PageFixture.names[3], in: 1)
        let run = ReportedRun(
            path: "r", identifier: "", toolVersion: "", host: HostConditions(), attachTable: [], command: nil,
            ending: "finished", plannedInterval: 1, totals: try builder.finish())
        #expect(PageCheck(text: RunPage(run).text).unbalanced == [])
        #expect(PageCheck(text: RunsPage([run, run]).text).unbalanced == [])
    }

    @Test("a run without an interval makes a page that says so")
    func empty() throws {
        var builder = RunTotalsBuilder(start: (0, 0), isSparse: false, byCPU: true)
        let run = ReportedRun(
            path: "r", identifier: "", toolVersion: "", host: HostConditions(), attachTable: [], command: nil,
            ending: "cut short", plannedInterval: 1, totals: try builder.finish())
        let page = PageCheck(text: RunPage(run).text)
        #expect(page.unbalanced == [] && page.count("UNKNOWN") == 1)
        #expect(page.section("Over time").contains("Nothing happened, or nothing is known."))
    }

    @Test("runs stand side by side on the same scales, each with its verdict")
    func sideBySide() throws {
        let runs = [try PageFixture().run(), try PageFixture(intervals: 9).run(path: "runs/b")]
        let page = PageCheck(text: RunsPage(runs).text)
        #expect(page.unbalanced == [])
        #expect(page.count("<p class=\"verdict") == 2 && page.count("runs/b: <b>STORM</b>") == 1)
        let section = PageCheck(text: String(page.section("Over time")))
        #expect(section.count("<b>A: CPUs lost to mount_lock</b>") == 1 && section.count("<b>B: CPUs lost") == 1)
        let axes = section.text.split(separator: "<div class=\"y\" aria-hidden=\"true\">").dropFirst()
            .map { axis in axis.split(separator: "</div>").first ?? "" }
        // CPUs lost, how long namespace_sem, how often both locks, of each run.
        #expect(axes.count == 8)
        #expect(stride(from: 0, to: axes.count - 1, by: 2).allSatisfy { axes[$0] == axes[$0 + 1] })
        #expect(PageCheck(text: RunsPage([try PageFixture(isHostile: true).run()]).text).count("<script") == 0)
    }
}
