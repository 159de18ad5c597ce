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
        return RunFamilies(
            description: description, isRecording: true, summary: summary, containers: containers(summary)
        ).families
    }

    private func containers(_ interval: Interval) -> [MetricFamily] {
        var batch = RecordBatch()
        batch.actors = [
            ActorRow(number: 1, process: 7, container: "docker:web \"1\"", firstSequence: 1),
            ActorRow(number: 2, process: 8, container: "kubelet.service", firstSequence: 1),
        ]
        func add(_ actor: Int, _ metric: Metric, _ site: String, _ count: UInt64, _ time: UInt64?) {
            let key = TaskRow.Key(actor: actor, series: SeriesKey(metric, site: site))
            batch.tasks.append(TaskRow(key, count: count, nanoseconds: time))
        }
        add(1, .writeAcquires, "path_mount", 12, nil)
        add(1, .semaphoreWriteHold, "mount", 12, 3_000_000)
        add(2, .readHold, "mountinfo", 400, 100_000_000)
        add(2, .readRetries, "walk", 5, nil)
        add(2, .readWait, "mountinfo", 400, 2_500)
        var families = ContainerFamilies()
        families.add(IntervalBundle(interval, records: batch))
        return families.families
    }

    @Test("containers beyond the first are other, and no counter goes back")
    func containersBeyondTheFirstAreOther() {
        var families = ContainerFamilies()
        var sums: [String: UInt64] = [:]
        for round in 1...3 {
            var batch = RecordBatch()
            for number in 1...30 {
                let actor = (round - 1) * 30 + number
                let name = round == 1 ? "c\(number)" : "c\(number + 10)"
                batch.actors.append(ActorRow(number: actor, container: name, firstSequence: round))
                let key = TaskRow.Key(actor: actor, series: SeriesKey(.writeAcquires, site: "f"))
                batch.tasks.append(TaskRow(key, count: UInt64(number)))
            }
            let interval = Interval(sequence: round, endMonotonic: 1, endRealtime: 0, elapsed: 1, series: [])
            families.add(IntervalBundle(interval, records: batch))
            var now: [String: UInt64] = [:]
            for sample in families.families.first?.samples ?? [] {
                if case .count(let count) = sample.value { now[sample.labels[0].value] = count }
            }
            #expect(now.count == ContainerFamilies.most + 1)
            #expect(sums.allSatisfy { now[$0.key, default: 0] >= $0.value })
            #expect(now.values.reduce(0, +) == UInt64(round * 465))
            // The costliest of the first interval have the names.
            #expect(now["c30"] != nil && now["c10"] == nil && now["other"] != nil)
            sums = now
        }
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
