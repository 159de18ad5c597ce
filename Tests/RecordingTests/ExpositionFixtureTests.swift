import Contention
import SystemCalls
import Testing

@testable import Recording

/// scripts/check-exports shows the same fixtures to the parsers of Prometheus and OpenMetrics.
@Suite struct ExpositionFixtureTests {
    @Test(
        "a series of every kind is written as its fixture",
        arguments: [(ExpositionFormat.prometheus, "exposition.prom"), (.openmetrics, "exposition.openmetrics")])
    func everyKindIsWrittenAsItsFixture(_ format: ExpositionFormat, _ name: String) throws {
        let path = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        #expect(try format.text(families()) == readText("/\(path)/Fixtures/\(name)"))
    }

    private func families() throws -> [MetricFamily] {
        let world = World()
        let description = try RunDescription.example(world, plan: SamplingPlan(interval: 1_000_000_000))
        let summary = Interval(
            sequence: 0, endMonotonic: 12_500_000_000, endRealtime: 1_709_164_802_500_000_000,
            elapsed: 2_500_000_000, series: series)
        return RunFamilies(description: description, isRecording: true, summary: summary).families
    }

    private var series: [SeriesInterval] {
        var holds = Histogram.empty
        for nanoseconds: UInt64 in [200, 5_000, 5_001, 24_600, 12_600_000] { holds.record(nanoseconds) }
        return [
            one(SeriesKey(.writeSections), .count(293_648)),
            one(SeriesKey(.writeAcquires, site: "do_umount"), .count(293_000), lost: 3),
            one(SeriesKey(.writeCoverage), .share(Share(part: 293_000, whole: 293_648))),
            one(SeriesKey(.writeDuty), .share(Share(part: 12, whole: 9_900, repeats: 1)), mode: .sampled),
            one(SeriesKey(.readRetries, site: "d_path"), .count(9_811), mode: .estimated, lost: nil),
            one(SeriesKey(.spinTime, site: "path_init"), .timed(TimedCount(count: 7, nanoseconds: 1_900))),
            one(SeriesKey(.readHold, site: "mountinfo"), .durations(holds)),
            one(SeriesKey(.readHold, site: "mounts"), .durations(.empty)),
            one(SeriesKey(.semaphoreWriteHold, site: "umount"), nil, mode: .unavailable, lost: nil),
            one(SeriesKey(.ownCost, site: "process"), .timed(TimedCount(count: 3, nanoseconds: 8_000_000))),
            one(SeriesKey(.cpusOnline), .count(192)),
            one(SeriesKey(.lostEvents, site: "recursion"), .count(3), lost: nil),
        ]
    }

    private func one(_ key: SeriesKey, _ all: Delta?, mode: Mode = .exact, lost: UInt64? = 0) -> SeriesInterval {
        SeriesInterval(key: key, mode: mode, reason: nil, all: all, byCPU: [], lost: lost)
    }
}
