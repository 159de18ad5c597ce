import Testing

@testable import Contention

@Suite struct ProbeRemovalTests {
    @Test("series that went together are told together, whatever stands in for each of them")
    func together() {
        let reason = "taken off after 2.0 s: dear; --budget off keeps them"
        let keys = [SeriesKey(.writeHold), SeriesKey(.readerSpins, site: "path_init"), SeriesKey(.spinTime, site: "d")]
        let reasons: [SeriesKey: String] = [
            keys[0]: reason + "; mount_lock.write_duty stands in for it", keys[1]: reason,
            keys[2]: "no instruction is known",
            SeriesKey(.lockWait, site: "write"): "taken off after 9.0 s: dear",
        ]
        let removals = ProbeRemoval.among(reasons, of: keys + [SeriesKey(.lockWait, site: "write")])
        #expect(
            removals == [
                ProbeRemoval(keys: Array(keys.prefix(2)), reason: reason),
                ProbeRemoval(keys: [SeriesKey(.lockWait, site: "write")], reason: "taken off after 9.0 s: dear"),
            ])
    }

    @Test("runs of before, whose reason ends otherwise, are read as they stand")
    func older() {
        let key = SeriesKey(.writeHold)
        let reason = "taken off: its probes took 2.00 % of all CPU time, all together 2.00 %; --budget allows 1.00 %"
        #expect(ProbeRemoval.among([key: reason], of: [key]) == [ProbeRemoval(keys: [key], reason: reason)])
    }
}
