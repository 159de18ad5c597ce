import Testing

@testable import Contention

private func interval(_ sequence: Int, _ modes: [(Metric, Mode, String)]) -> Interval {
    Interval(
        sequence: sequence, endMonotonic: UInt64(sequence), endRealtime: 0, elapsed: 1,
        series: modes.map { metric, mode, reason in
            SeriesInterval(
                key: SeriesKey(metric), mode: mode, reason: reason.isEmpty ? nil : reason, all: nil, byCPU: [],
                lost: nil)
        })
}

@Suite struct ModeChangesTests {
    @Test("what is unavailable from the first interval on is no change")
    func whatIsUnavailableFromTheFirstIntervalOnIsNoChange() {
        var changes = ModeChanges()
        #expect(changes.follow(interval(1, [(.writeHold, .unavailable, "no kprobes")])).isEmpty)
        #expect(changes.follow(interval(2, [(.writeHold, .unavailable, "no kprobes")])).isEmpty)
    }

    @Test("series that go for one reason go together, once")
    func seriesThatGoForOneReasonGoTogetherOnce() {
        var changes = ModeChanges()
        _ = changes.follow(interval(1, [(.writeHold, .exact, ""), (.exclusiveHold, .exact, "")]))
        let gone = interval(2, [(.writeHold, .unavailable, "taken off"), (.exclusiveHold, .unavailable, "taken off")])
        let expected = [
            ModeChanges.Change(
                sequence: 2, keys: [SeriesKey(.writeHold), SeriesKey(.exclusiveHold)], mode: .unavailable,
                reason: "taken off")
        ]
        #expect(changes.follow(gone) == expected)
        #expect(changes.follow(gone).isEmpty)
    }

    @Test("a series that comes back is a change too")
    func aSeriesThatComesBackIsAChangeToo() {
        var changes = ModeChanges()
        _ = changes.follow(interval(1, [(.writeHold, .unavailable, "taken off")]))
        let back = changes.follow(interval(2, [(.writeHold, .sampled, "taken off")])).first
        #expect(back?.mode == .sampled)
        #expect(back?.reason == "")
    }
}
