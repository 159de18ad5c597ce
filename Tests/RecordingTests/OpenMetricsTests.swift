import Contention
import Glibc
import SystemCalls
import Testing

@testable import Recording

@Suite struct ExpositionTests {
    private let counter = MetricFamily(
        name: "mountscope_own_cost_seconds", kind: .counter, help: "What it takes.", unit: "seconds",
        samples: [
            MetricSample(
                suffix: "_total", labels: [MetricLabel("site", "a\"b\\c\nd")], value: .nanoseconds(1_020_000_000))
        ])

    @Test("Prometheus' format names a counter as its sample")
    func prometheusNamesACounterAsItsSample() {
        #expect(
            ExpositionFormat.prometheus.text([counter]) == #"""
                # HELP mountscope_own_cost_seconds_total What it takes.
                # TYPE mountscope_own_cost_seconds_total counter
                mountscope_own_cost_seconds_total{site="a\"b\\c\nd"} 1.02

                """#)
    }

    @Test("OpenMetrics names the family, its unit and the end")
    func openMetricsNamesTheFamilyItsUnitAndTheEnd() {
        #expect(
            ExpositionFormat.openmetrics.text([counter]) == #"""
                # HELP mountscope_own_cost_seconds What it takes.
                # TYPE mountscope_own_cost_seconds counter
                # UNIT mountscope_own_cost_seconds seconds
                mountscope_own_cost_seconds_total{site="a\"b\\c\nd"} 1.02
                # EOF

                """#)
    }

    @Test(
        "nanoseconds become seconds to the last digit",
        arguments: [
            (0, "0"), (1, "0.000000001"), (1_000_000_000, "1"), (90_000_000_000, "90"), (1_500_000_000, "1.5"),
            (UInt64.max, "18446744073.709551615"),
        ])
    func nanosecondsBecomeSeconds(_ nanoseconds: UInt64, _ text: String) {
        #expect(MetricValue.nanoseconds(nanoseconds).text == text)
    }
}

@Suite struct SecondsBucketTests {
    @Test("buckets count what is below their bound, and all in the last")
    func bucketsCountWhatIsBelowTheirBound() {
        var histogram = Histogram.empty
        // 255 ns and a part are at most 256 ns; 256 ns and a part are not.
        for nanoseconds: UInt64 in [1, 255, 256, 1_023, 1_024, 20_000_000_000, 400_000_000_000] {
            histogram.record(nanoseconds)
        }
        let counts = SecondsBuckets.cumulative(histogram)
        #expect(counts.count == 15)
        #expect(counts.prefix(3).map(\.bound) == ["2.56e-07", "1.024e-06", "4.096e-06"])
        #expect(counts.prefix(3).map(\.count) == [2, 4, 5])
        #expect(counts.suffix(2).map(\.bound) == ["17.179869184", "+Inf"])
        #expect(counts.suffix(2).map(\.count) == [5, 7])
    }

    @Test("every bound lies on the edge of a recorded bucket")
    func everyBoundLiesOnAnEdge() {
        for exponent in SecondsBuckets.exponents {
            let bound = UInt64(1) << UInt64(exponent)
            #expect(HistogramLayout.lowerEdge(of: HistogramLayout.bucket(of: bound)) == bound)
        }
    }

    @Test("a histogram of nothing has every bucket")
    func aHistogramOfNothingHasEveryBucket() {
        #expect(SecondsBuckets.cumulative(.empty).map(\.count) == Array(repeating: 0, count: 15))
    }
}

@Suite struct RunFamiliesTests {
    private let world = World()

    private func text(
        _ format: ExpositionFormat = .prometheus, recording: Bool = true, after nanoseconds: UInt64 = 200_000_000
    ) throws -> [Substring] {
        let description = try RunDescription.example(world, plan: SamplingPlan(interval: 1_000_000_000))
        let first = try world.snapshot()
        world.now += nanoseconds
        let summary = Interval(sequence: 0, from: first, to: try world.snapshot())
        let state = RunFamilies(description: description, isRecording: recording, summary: summary)
        return format.text(state.families).split(separator: "\n")
    }

    @Test("sums are those of the run, in seconds")
    func sumsAreThoseOfTheRun() throws {
        let lines = try text()
        for line in [
            "mountscope_run_info{run_id=\"00000000-0000-4000-8000-000000000000\",version=\"1.2.3\","
                + "kernel_release=\"6.12.107\"} 1",
            "mountscope_recording 1",
            "mountscope_start_time_seconds 1709164800",
            "mountscope_last_interval_end_time_seconds 1709164800.2",
            "mountscope_measured_seconds_total 0.2",
            "mountscope_mount_lock_write_sections_total 200",
            "mountscope_mount_lock_read_retries_total{site=\"walk\"} 300",
            "mountscope_own_cost_seconds_total{site=\"probes\"} 0.0000006",
            "mountscope_mount_lock_spin_share_part_total 37",
            "mountscope_mount_lock_spin_share_whole_total 300",
            "mountscope_cpus_online 2",
            "mountscope_namespace_sem_read_hold_seconds_bucket{site=\"mounts\",le=\"1.024e-06\"} 48",
            "mountscope_namespace_sem_read_hold_seconds_bucket{site=\"mounts\",le=\"+Inf\"} 300",
            "mountscope_namespace_sem_read_hold_seconds_count{site=\"mounts\"} 300",
            "mountscope_series_mode{lock=\"mount_lock\",metric=\"read_retries\",site=\"walk\",mode=\"exact\"} 1",
            "mountscope_series_lost_events_total{lock=\"mount_lock\",metric=\"write_sections\",site=\"\"} 0",
            "mountscope_lost_events_total{site=\"map_full\"} 200",
        ] {
            #expect(lines.contains(line[...]), "\(line)")
        }
    }

    @Test("what is unavailable has no sample but its mode")
    func whatIsUnavailableHasNoSampleButItsMode() throws {
        world.mode = { $0.metric.name == "walk_fallbacks" ? .unavailable : .exact }
        let lines = try text().filter { $0.contains("walk_fallbacks") }
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.hasPrefix("mountscope_series_mode{") && $0.hasSuffix("mode=\"unavailable\"} 1") })
    }

    @Test("a run that has ended says so")
    func aRunThatHasEndedSaysSo() throws {
        #expect(try text(recording: false).contains("mountscope_recording 0"))
    }

    @Test("no name is given twice, in either format", arguments: ExpositionFormat.allCases)
    func noNameIsGivenTwice(_ format: ExpositionFormat) throws {
        let names = try text(format).filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(names.count > 25)
        #expect(Set(names).count == names.count)
    }

    @Test("more sites than anyone can look at are summed up")
    func moreSitesThanAnyoneCanLookAtAreSummedUp() throws {
        let series = (0..<100).map { index in
            SeriesInterval(
                key: SeriesKey(.writeAcquires, site: "function_\(index)"), mode: .exact, reason: nil, all: .count(2),
                byCPU: [], lost: 1)
        }
        let interval = Interval(sequence: 0, endMonotonic: 2, endRealtime: 2, elapsed: 1, series: series)
        let families = SeriesFamilies(summary: interval).families
        let samples = try #require(families.first { $0.name == "mountscope_mount_lock_write_acquires" }).samples
        #expect(samples.count == 64)
        #expect(samples.last?.labels == [MetricLabel("site", "other")])
        #expect(samples.last?.value == .count(74))
        let lost = try #require(families.first { $0.name == "mountscope_series_lost_events" }).samples
        #expect(lost.last?.value == .count(37))
    }
}

@Suite struct TextfileTests {
    private let temporary: TemporaryFolder
    private let world = World()

    init() throws { temporary = try TemporaryFolder() }

    private func engine(_ path: String) throws -> RecordEngine {
        let plan = SamplingPlan(interval: 1_000_000_000, duration: 2_000_000_000)
        let loop = try SamplingLoop(source: world, waiter: world, plan: plan)
        let writer = TextfileWriter(
            try TextDestination(path), format: .prometheus,
            description: try RunDescription.example(world, plan: plan))
        return RecordEngine(source: loop, sinks: [writer], command: nil, observer: QuietObserver())
    }

    @Test("a finished run leaves its sums and nothing else")
    func aFinishedRunLeavesItsSumsAndNothingElse() throws {
        try temporary.write("of an older run", to: "m.prom")
        var engine = try engine("\(temporary.path)/m.prom")
        _ = try engine.run()
        let text = try temporary.read("m.prom")
        #expect(text.contains("\nmountscope_recording{recorder=\"m\"} 0\n"))
        #expect(text.contains("\nmountscope_mount_lock_write_sections_total{recorder=\"m\"} 2000\n"))
        #expect(temporary.names() == ["m.prom"])
    }

    @Test("two recorders on a host have no sample in common: each says whose it is")
    func twoRecordersHaveNoSampleInCommon() throws {
        func samples(_ name: String) throws -> Set<String> {
            var engine = try engine("\(temporary.path)/\(name)")
            _ = try engine.run()
            let lines = try temporary.read(name).split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(lines.allSatisfy { $0.contains("{recorder=\"") })
            return Set(lines.map { String($0.prefix { $0 != " " }) })
        }
        let (one, other) = (try samples("one.prom"), try samples("other.prom"))
        #expect(one.count > 100 && one.isDisjoint(with: other))
    }

    @Test("the file is whole whenever it is looked at")
    func theFileIsWholeWheneverItIsLookedAt() throws {
        let path = "\(temporary.path)/m.prom"
        let writer = TextfileWriter(
            try TextDestination(path), format: .openmetrics,
            description: try RunDescription.example(world, plan: SamplingPlan(interval: 1)))
        try writer.publish()
        let reader = try FileDescriptor.open(path, O_RDONLY)
        let first = try world.snapshot()
        world.now += 1_000_000_000
        let interval = try #require(Interval(sequence: 1, from: first, to: try world.snapshot()))
        #expect(try writer.append(IntervalBundle(interval), summary: interval) == nil)
        let old = String(decoding: try reader.readToEnd(), as: UTF8.self)
        let new = try temporary.read("m.prom")
        #expect(old.hasSuffix("# EOF\n") && !old.contains("write_sections"))
        #expect(new.hasSuffix("# EOF\n") && new.contains("write_sections"))
    }

    @Test("a file that cannot be written is told once and tried again")
    func aFileThatCannotBeWrittenIsToldOnceAndTriedAgain() throws {
        let folder = "\(temporary.path)/gone"
        mkdir(folder, 0o755)
        let writer = TextfileWriter(
            try TextDestination("\(folder)/m.prom"), format: .prometheus,
            description: try RunDescription.example(world, plan: SamplingPlan(interval: 1)))
        try writer.publish()
        let first = try world.snapshot()
        world.now += 1_000_000_000
        let interval = try #require(Interval(sequence: 1, from: first, to: try world.snapshot()))
        unlink("\(folder)/m.prom")
        rmdir(folder)
        let notice = try #require(try writer.append(IntervalBundle(interval), summary: interval))
        #expect(notice.contains("gone/m.prom\": No such file or directory (errno 2)"))
        #expect(try writer.append(IntervalBundle(interval), summary: interval) == nil)
        mkdir(folder, 0o755)
        #expect(try writer.append(IntervalBundle(interval), summary: interval) == nil)
        #expect(temporary.names(in: "gone") == ["m.prom"])
        unlink("\(folder)/m.prom")
        rmdir(folder)
        #expect(try writer.append(IntervalBundle(interval), summary: interval) != nil)
    }

    @Test("a file in a folder that is not there, and a folder, are refused before anything runs")
    func aFileThatCannotBeMadeIsRefused() throws {
        #expect(throws: SystemFailure.self) { try Textfile(path: "\(temporary.path)/none/m.prom") }
        #expect(throws: SystemFailure.self) { try Textfile(path: temporary.path) }
        #expect(temporary.names() == [])
    }
}
