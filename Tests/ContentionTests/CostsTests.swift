import Testing

@testable import Contention

@Suite struct CostsTests {
    private typealias Fixture = CostFixture

    private func costs(_ series: [SeriesInterval], elapsed: UInt64 = Fixture.second) -> Costs {
        Costs(Fixture.interval(series, elapsed: elapsed), cpus: nil)
    }

    @Test("a row joins what counts it and what times it, over the time that passed")
    func joined() {
        let found = costs(
            [
                Fixture.series(.writeSections, .count(100)),
                Fixture.series(.writeHold, .estimatedHolds),
            ], elapsed: 2 * Fixture.second)[.writeSections]
        #expect(found.rate == Amount(50))
        #expect(found.time == Amount(150))
        #expect(found.longest == 200 && found.p50 == 103)
    }

    @Test("pages of mount tables and other readers are told apart, and none is in both")
    func readers() {
        let all = costs([
            Fixture.series(.readHold, "mountinfo", .exact, Fixture.durations([100])),
            Fixture.series(.readHold, "mountstats", .exact, Fixture.durations([100, 100])),
            Fixture.series(.readHold, "listmount", .exact, Fixture.durations([100, 100, 100, 100])),
        ])
        #expect(all[.tablePages].rate == Amount(3))
        #expect(all[.otherReaders].rate == Amount(4))
        #expect(all.durations(.tablePages)?.count == 3)
    }

    @Test("a share of time stands in for time, and is marked")
    func standIn() {
        let duty = Fixture.series(.writeDuty, "", .sampled, .share(Share(part: 10, whole: 1000, repeats: 0)))
        let found = costs([Fixture.series(.writeSections, .count(5)), Fixture.series(.writeHold, nil), duty])
        let numbers = found[.writeSections]
        #expect(numbers.rate == Amount(5) && numbers.isExact)
        #expect(numbers.time?.value == 10_000_000 && numbers.time?.mark == .about)
        #expect(numbers.p99 == nil && numbers.longest == nil)
    }

    @Test("a walk again costs its price, a retry has no time")
    func prices() {
        let all = costs([
            Fixture.series(.walkFallbacks, "open", .exact, .count(10)),
            Fixture.series(.readRetries, "walk", .exact, .count(10)),
        ])
        #expect(all[.walksAgain].time == Amount(20_000, .about) && all[.readRetries].time == nil)
    }

    @Test("on PREEMPT_RT the waits of readers are the spins")
    func blocked() {
        let found = costs([Fixture.series(.readerWait, "", .exact, Fixture.durations([1000, 3000]))])[.readerSpins]
        #expect(found.rate == Amount(2) && found.time == Amount(4000) && found.longest == 3000)
    }

    @Test("the sites of a row: what took longest first, nothing that did not happen")
    func parts() {
        let all = costs([
            Fixture.series(.writeAcquires, "path_mount", .exact, .count(2)),
            Fixture.series(.writeAcquires, "umount_tree", .exact, .count(7)),
            Fixture.series(.writeAcquires, "attach_recursive_mnt", .exact, .count(0)),
            Fixture.series(.readerSpins, "path_init", .exact, .count(1)),
            Fixture.series(.readerSpins, "lookup_mnt", .exact, .count(9)),
            Fixture.series(.spinTime, "path_init", .estimated, Fixture.timed(1, 500)),
            Fixture.series(.spinTime, "lookup_mnt", .estimated, Fixture.timed(9, 90)),
        ])
        #expect(all.parts(.writeSections).map(\.site) == ["umount_tree", "path_mount"])
        #expect(all.parts(.readerSpins).map(\.site) == ["path_init", "lookup_mnt"])
        #expect(all.parts(.readerSpins)[0].numbers.time == Amount(500, .about))
    }

    @Test("a row of which nothing is known has no numbers, and one that did not happen has zeros")
    func unknown() {
        let all = costs([Fixture.series(.writeSections, nil), Fixture.series(.readRetries, "walk", .exact, .count(0))])
        #expect(!all[.writeSections].isKnown && !all[.lockWaits].isKnown)
        #expect(all[.readRetries].isKnown && !all[.readRetries].isActive && all[.readRetries].rate == Amount(0))
    }
}

extension Delta {
    /// 100 ns and 200 ns.
    fileprivate static var estimatedHolds: Delta { CostFixture.durations([100, 200]) }
}
