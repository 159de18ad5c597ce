import Contention
import Testing

@testable import Probe

@Suite("Acquisitions held against the sequence") struct SectionCoverageTests {
    @Test("sections that no instruction shows are unwatched")
    func unwatched() {
        var coverage = SectionCoverage()
        coverage.add(acquires: 5_431, sections: 5_581...5_581)
        #expect(coverage.unwatched == 150)
        #expect(coverage.share == Share(part: 5_431, whole: 5_581))
        #expect(coverage.contradiction == nil)
    }

    @Test("what happens while the counts are read is not taken for unwatched, and not for watched")
    func bounds() {
        var coverage = SectionCoverage()
        coverage.add(acquires: 15_226, sections: 15_000...16_067)
        #expect(coverage.unwatched == 0)
        #expect(coverage.share == Share(part: 15_226, whole: 15_226))
        coverage.add(acquires: 16_000, sections: 16_100...16_200)
        #expect(coverage.unwatched == 100)
        #expect(coverage.share == Share(part: 16_000, whole: 16_100))
        coverage.add(acquires: 17_000, sections: 17_050...17_300)
        #expect(coverage.unwatched == 100, "it never goes back")
        #expect(coverage.share == Share(part: 17_000, whole: 17_100))
    }

    @Test("more acquisitions than sections are a contradiction, but for the section under way")
    func contradiction() {
        var coverage = SectionCoverage()
        coverage.add(acquires: 11, sections: 10...10)
        #expect(coverage.contradiction == nil)
        #expect(coverage.share == Share(part: 11, whole: 11))
        coverage.add(acquires: 384, sections: 10...12)
        #expect(coverage.contradiction?.contains("384 acquisitions") == true)
    }
}
