import Testing

@testable import Contention
@testable import Report

/// The series of a kernel where no instruction is watched and nothing sampled.
private let keys: [SeriesKey] = SeriesKey.all.filter { key in
    let metrics: [Metric] = [.writeSections, .readRetries, .walkFallbacks, .readWait, .readHold, .lostEvents]
    let absent = ["statmount", "listmount", "notify", "other", "missed_sample", "impossible"]
    return metrics.contains(key.metric) && !absent.contains(key.site)
}

/// An interval with known numbers: three CPUs, one second.
private func interval(withoutHolds: Bool = false, sequence: Int = 1) -> Interval {
    let series = keys.map { key -> SeriesInterval in
        switch key.metric.kind {
        case .machineCounter:
            let count: UInt64 = key.metric.subject == .mountscope ? 0 : 1_234_567
            return SeriesInterval(key: key, mode: .exact, reason: nil, all: .count(count), byCPU: [], lost: 0)
        case .counter:
            let cpus: [UInt64] = key.site == "walk" ? [100, 20_000, 3] : [0, 0, 0]
            return SeriesInterval(
                key: key, mode: key.site == "dotdot" ? .estimated : .exact, reason: nil, all: .count(cpus.reduce(0, +)),
                byCPU: cpus.map(Delta.count), lost: key.site == "walk" ? 7 : 0)
        case .timedCounter:
            return SeriesInterval(
                key: key, mode: .exact, reason: nil, all: .timed(TimedCount(count: 0, nanoseconds: 0)), byCPU: [],
                lost: 0)
        case .machineTimedCounter, .share, .machineShare, .level:
            return SeriesInterval(key: key, mode: .unavailable, reason: "not here", all: nil, byCPU: [], lost: nil)
        case .durations where withoutHolds:
            return SeriesInterval(
                key: key, mode: .unavailable, reason: "kernel built without CONFIG_KPROBES", all: nil, byCPU: [],
                lost: nil)
        case .durations:
            let some = (0..<100).reduce(into: Histogram.empty) { $0.record(1_000 * (1 + $1)) }
            let histogram = key.site == "mountinfo" ? some : .empty
            return SeriesInterval(
                key: key, mode: .exact, reason: nil, all: .durations(histogram),
                byCPU: [.durations(.empty), .durations(histogram), .durations(.empty)], lost: nil)
        }
    }
    return Interval(
        sequence: sequence, endMonotonic: 5_000_000_000, endRealtime: 1_709_164_800_123_456_789, elapsed: 1_000_000_000,
        series: series)
}

private let report: LiveReport = {
    var host = HostConditions()
    host.hostname = "web7"
    host.kernelRelease = "6.12.107"
    host.possibleCPUs = 4
    host.onlineCPUs = [0, 1, 2]
    return LiveReport(host: host)
}()

@Suite struct LiveReportTests {
    @Test("the summary begins with the verdict, and counts its intervals")
    func theSummaryCountsItsIntervals() {
        let text = report.summary(interval(), intervals: 1, width: 120)
        #expect(
            text == """
                CALM   ~0 of 3 CPUs lost to mount_lock: 0 walk again (spin, wait unknown); >0.005 tasks wait for
                       namespace_sem.
                DATA   4 of 11 rows exact, 1 estimated, 6 not measured; 0 lost

                mountscope  web7  6.12.107  3 CPUs  1.00 s in 1 interval

                LOCK           METRIC          SITE            TOTAL   RATE/s      P50      P90      P99      MAX  MODE         LOST
                mount_lock     write_sections              1,234,567   1.23 M                                      exact           0
                               read_retries    lookup              0        0                                      exact           0
                                               walk           20,103   20,103                                      exact           7
                                               dotdot              0        0                                      estimated       0
                                               d_path              0        0                                      exact           0
                               walk_fallbacks  lookup              0        0                                      exact           0
                                               open                0        0                                      exact           0
                                               parent              0        0                                      exact           0
                namespace_sem  read_wait       mountinfo         100      100  53.2 us  90.1 us   100 us   100 us  exact           -
                                               mounts              0        0                                      exact           -
                                               mountstats          0        0                                      exact           -
                               read_hold       mountinfo         100      100  53.2 us  90.1 us   100 us   100 us  exact           -
                                               mounts              0        0                                      exact           -
                                               mountstats          0        0                                      exact           -

                busiest CPUs by read_retries: cpu1 20,000/s, cpu0 100/s, cpu2 3.00/s
                busiest CPUs by read_hold: cpu1 5.05 ms/s
                namespace_sem read-held 50.5 us a time, by 0.01 tasks on average
                lost events: recursion 0, missed_kprobe 0, unmatched 0, map_full 0

                """)
        #expect(report.summary(interval(), intervals: 12, width: 80).contains("1.00 s in 12 intervals\n"))
    }

    @Test("eighty columns are enough for the summary")
    func eightyColumns() {
        let lines = report.summary(interval(withoutHolds: true), intervals: 1, width: 80).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.contains("METRIC         SITE           TOTAL  RATE/s     P50     P99     MAX MODE"))
    }

    @Test("readers are at least as many where one kind is not measured")
    func readersAreAtLeastAsManyWhereOneKindIsNotMeasured() {
        let all = interval().series.map { series in
            series.key == SeriesKey(.readHold, site: "mounts")
                ? SeriesInterval(key: series.key, mode: .unavailable, reason: "x", all: nil, byCPU: [], lost: nil)
                : series
        }
        let some = Interval(sequence: 1, endMonotonic: 5, endRealtime: 5, elapsed: 1_000_000_000, series: all)
        #expect(
            Notes(interval: some, width: 80).lines.contains(
                "namespace_sem read-held 50.5 us a time, by at least 0.01 tasks on average"))
    }
}

@Suite struct CoverageNoteTests {
    private func coverage(_ share: Share) -> String? {
        let series = SeriesInterval(
            key: SeriesKey(.writeCoverage), mode: .exact, reason: nil, all: .share(share), byCPU: [], lost: nil)
        let interval = Interval(sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1, series: [series])
        return Notes(interval: interval, width: .max).lines.first { $0.hasPrefix("coverage") }
    }

    @Test("an idle host has no coverage, and is told why")
    func idle() {
        #expect(coverage(Share(part: 0, whole: 0)) == "coverage: there was no write section")
        #expect(
            coverage(Share(part: 3, whole: 4))
                == "coverage: 75.00 % of the write sections were seen at their instructions")
    }
}

@Suite struct LogReportTests {
    private let log = LogReport(cpus: 3, width: 80)

    @Test("an interval is a block: the verdict first, then the rows in which something happened")
    func block() {
        #expect(
            log.block(interval()) == """
                CALM   ~0 of 3 CPUs lost to mount_lock: 0 walk again (spin, wait unknown);
                       >0.005 tasks wait for namespace_sem.
                DATA   4 of 11 rows exact, 1 estimated, 6 not measured; 0 lost
                2024-02-29T00:00:00Z    RATE/s     TIME/s       P50       P99       MAX
                mount_lock
                 write sections         1.23 M          -         -         -         -
                 read retries          ~20,103          -         -         -         -
                namespace_sem
                 mount table pages         100    5.05 ms   53.2 us    100 us    100 us
                 waits of readers          100    5.05 ms   53.2 us    100 us    100 us


                """)
    }

    @Test("nothing that happened is said in words")
    func nothing() {
        let series = SeriesInterval(
            key: SeriesKey(.writeSections), mode: .exact, reason: nil, all: .count(0), byCPU: [], lost: 0)
        let idle = Interval(sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1, series: [series])
        #expect(log.block(idle).contains("\nnothing happened\n"))
        #expect(log.block(idle).hasPrefix("UNKNOWN"))
    }

    @Test("what is lost in the middle of a run stands under the rows")
    func changes() {
        var changes = ModeChanges()
        _ = changes.follow(interval())
        let later = interval(withoutHolds: true, sequence: 2).following(&changes)
        #expect(
            log.block(later).hasSuffix(
                """
                unavailable from now on: namespace_sem.read_wait, namespace_sem.read_hold:
                  kernel built without CONFIG_KPROBES


                """))
    }

    @Test("no line is wider than the paper")
    func width() {
        for width in [60, 80, 100] {
            let lines = LogReport(cpus: 3, width: width).block(interval()).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width }, "\(width)")
        }
    }
}

@Suite struct RecordReportTests {
    private let report = RecordReport(path: "run1")

    @Test("progress shows the rates that are known")
    func progressShowsTheRatesThatAreKnown() {
        #expect(
            report.progress(interval(withoutHolds: true, sequence: 3), elapsed: 3_000_000_000)
                == "recording: 3 s, interval 3, write_sections 1.23 M/s, read_retries 20,103/s, read_hold -")
    }

    @Test("the end tells how and what else")
    func theEndTellsHowAndWhatElse() {
        let ending = RecordReport.Ending(
            how: "the command has ended", remark: "the command exited with status 3", intervals: 1,
            elapsed: 1_500_000_000)
        #expect(
            report.ending(ending) == [
                "mountscope: the command exited with status 3",
                "recorded 1 interval in 1.50 s to \"run1\" (the command has ended)",
            ])
    }
}
