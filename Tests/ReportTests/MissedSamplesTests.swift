import Testing

@testable import Contention
@testable import Report

/// The note on samples that were due and not taken.
@Suite struct MissedSamplesTests {
    /// What stands beneath an interval with samples, and `missed` that were due and not taken; nil is not known.
    private func notes(taken: UInt64?, missed: UInt64?, found: UInt64 = 1) -> [String] {
        func series(_ key: SeriesKey, _ mode: Mode, _ delta: Delta?) -> SeriesInterval {
            SeriesInterval(
                key: key, mode: delta == nil ? .unavailable : mode, reason: delta == nil ? "nothing is sampled" : nil,
                all: delta, byCPU: [], lost: nil)
        }
        let share = taken.map { Delta.share(Share(part: min(found, $0), whole: $0, repeats: 0)) }
        let interval = Interval(
            sequence: 1, endMonotonic: 5, endRealtime: 5, elapsed: 1_000_000_000,
            series: [
                series(SeriesKey(.writeDuty), .sampled, share),
                series(SeriesKey(.lostEvents, site: "missed_sample"), .estimated, missed.map(Delta.count)),
            ])
        return Notes(interval: interval, width: .max).lines
    }

    @Test("samples that were not taken are told of when they are more than 5 % of those due")
    func samplesThatWereNotTakenAreToldOfWhenTheyAreMoreThanFivePercentOfThoseDue() {
        // 420 of 2,000; 50 and 51 of 1,000.
        #expect(
            notes(taken: 1580, missed: 420) == [
                "lost events: missed_sample 420",
                "samples: 21.00 % of those due were not taken (CPUs idle, taken away by a hypervisor, or busy in other "
                    + "eBPF programs): shares are of the time the CPUs ran",
            ])
        #expect(notes(taken: 950, missed: 50) == ["lost events: missed_sample 50"])
        #expect(notes(taken: 949, missed: 51).last?.hasPrefix("samples: 5.10 % of those due") == true)
        #expect(notes(taken: 0, missed: 10).last?.hasPrefix("samples: 100 % of those due") == true)
    }

    @Test("nothing is said of samples where none were due, or nobody knows how many")
    func nothingIsSaidOfSamplesWhereNoneWereDueOrNobodyKnowsHowMany() {
        #expect(notes(taken: 0, missed: 0) == ["lost events: missed_sample 0"])
        // An idle machine, whose idle CPUs send none.
        #expect(notes(taken: 1500, missed: 1494, found: 0) == ["lost events: missed_sample 1,494"])
        for (taken, missed) in [(1000, nil), (nil, 1000)] as [(UInt64?, UInt64?)] {
            #expect(!notes(taken: taken, missed: missed).contains { $0.hasPrefix("samples: ") })
        }
    }
}
