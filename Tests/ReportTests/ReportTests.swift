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
    return LiveReport(host: host, plannedInterval: 1_000_000_000)
}()

@Suite struct LiveReportTests {
    @Test("a wide screen shows everything")
    func aWideScreenShowsEverything() {
        let text = report.screen(interval(), summary: interval(sequence: 0), width: 120).joined(separator: "\n")
        #expect(
            text == """
                mountscope  web7  6.12.107  3 CPUs  1 s, interval 1.00 s

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
    }

    @Test("eighty columns drop the lock, P90 and losses")
    func eightyColumnsDropTheLockThePercentileInTheMiddleAndLosses() {
        let lines = report.screen(interval(withoutHolds: true), summary: interval(withoutHolds: true), width: 80)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(
            lines.joined(separator: "\n") == """
                mountscope  web7  6.12.107  3 CPUs  1 s, interval 1.00 s

                METRIC         SITE           TOTAL  RATE/s     P50     P99     MAX MODE
                mount_lock:
                write_sections            1,234,567  1.23 M                         exact
                read_retries   lookup             0       0                         exact
                               walk          20,103  20,103                         exact
                               dotdot             0       0                         estimated
                               d_path             0       0                         exact
                walk_fallbacks lookup             0       0                         exact
                               open               0       0                         exact
                               parent             0       0                         exact

                busiest CPUs by read_retries: cpu1 20,000/s, cpu0 100/s, cpu2 3.00/s
                lost events: recursion 0, missed_kprobe 0, unmatched 0, map_full 0
                unavailable: namespace_sem.read_wait, namespace_sem.read_hold: kernel built
                  without CONFIG_KPROBES
                """)
    }

    @Test("the screen fits forty columns")
    func theScreenFitsFortyColumns() {
        let lines = report.screen(interval(), summary: interval(), width: 40)
        #expect(lines.dropFirst(2).prefix(18).allSatisfy { $0.count <= 40 })
        #expect(lines[2] == "METRIC          SITE         RATE/s")
    }

    @Test("the line that stands out has the titles")
    func theLineThatStandsOutHasTheTitles() {
        #expect(report.screen(interval(), summary: interval(), width: 80)[LiveReport.titleLine].hasPrefix("METRIC"))
    }

    @Test("the summary counts its intervals")
    func theSummaryCountsItsIntervals() {
        let text = report.summary(interval(), intervals: 1, width: 80)
        #expect(text.hasPrefix("mountscope  web7  6.12.107  3 CPUs  1.00 s in 1 interval\n\nMETRIC"))
        #expect(text.hasSuffix("map_full 0\n"))
        #expect(report.summary(interval(), intervals: 12, width: 80).contains("1.00 s in 12 intervals\n"))
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
    private let log = LogReport()

    @Test("every line of an interval stands alone")
    func everyLineOfAnIntervalStandsAlone() {
        let lines = log.lines(interval()).split(separator: "\n").map(String.init)
        #expect(lines.count == keys.count)
        func cells(_ index: Int) -> String { lines[index].split(separator: " ").joined(separator: " ") }
        let time = "2024-02-29T00:00:00.123Z"
        #expect(
            cells(0) == "\(time) 1234567 1234567.00 - - - - - - - - - exact 0 mount_lock.write_sections")
        #expect(
            cells(2) == "\(time) 20103 20103.00 - - - - - - - - - exact 7 mount_lock.read_retries[walk]")
        let sum = interval()[SeriesKey(.readWait, site: "mountinfo")]?.all?.nanoseconds ?? 0
        #expect(
            cells(8)
                == "\(time) 100 100.00 \(sum) 53247 90111 100000 100000 - - - - exact - namespace_sem.read_wait[mountinfo]"
        )
        #expect(Set(lines.map { $0.split(separator: " ").count }) == [15])
    }

    @Test("a column has one meaning: shares, levels and own cost are no events, and every header has its unit")
    func oneMeaningAColumn() throws {
        func one(_ metric: Metric, _ site: String = "", _ delta: Delta) -> SeriesInterval {
            SeriesInterval(
                key: SeriesKey(metric, site: site), mode: .exact, reason: nil, all: delta, byCPU: [], lost: nil)
        }
        let series = [
            one(.writeDuty, "", .share(Share(part: 25, whole: 100, repeats: 0))), one(.cpusOnline, "", .count(4)),
            one(.ownCost, "probes", .timed(TimedCount(count: 7, nanoseconds: 900))),
            one(.writeCoverage, "", .share(Share(part: 3, whole: 4))),
            one(.spinTime, "path_init", .timed(TimedCount(count: 2, nanoseconds: 50))),
        ]
        let interval = Interval(
            sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1_000_000_000, series: series)
        let titles = log.preamble(interval).split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        #expect(
            titles.map { $0.trimmingPrefix("#") }.joined(separator: " ")
                == "TIME_UTC EVENTS EVENTS/s SUM_NS P50_NS P90_NS P99_NS MAX_NS SHARE_OF_1 LO_OF_1 HI_OF_1 CPUS MODE "
                + "LOST_EVENTS SERIES\n")
        let rows = log.lines(interval).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        func cells(_ index: Int) -> [String] { Array(rows[index][1...3]) + [rows[index][8], rows[index][11]] }
        #expect(cells(0) == ["-", "-", "-", "0.25000", "-"])
        #expect(cells(1) == ["-", "-", "-", "-", "4"])
        #expect(cells(2) == ["-", "-", "900", "-", "-"])
        #expect(cells(3) == ["-", "-", "-", "0.75000", "-"])
        #expect(cells(4) == ["2", "2.00", "50", "-", "-"])
    }

    @Test("what is unavailable is said once and has no lines")
    func whatIsUnavailableIsSaidOnceAndHasNoLines() {
        let interval = interval(withoutHolds: true)
        #expect(
            log.preamble(interval) == """
                # unavailable: namespace_sem.read_wait, namespace_sem.read_hold: kernel built without CONFIG_KPROBES
                #TIME_UTC                    EVENTS    EVENTS/s      SUM_NS     P50_NS     P90_NS     P99_NS     MAX_NS  SHARE_OF_1  LO_OF_1  HI_OF_1  CPUS  MODE       LOST_EVENTS  SERIES

                """)
        #expect(!log.lines(interval).contains("read_hold"))
    }

    @Test("a metric with many sites has lines only where something happened")
    func aMetricWithManySitesHasLinesOnlyWhereSomethingHappened() {
        let counts: [UInt64] = [0, 3, 0, 0, 0]
        let series = counts.enumerated().map { index, count in
            SeriesInterval(
                key: SeriesKey(.exclusiveAcquires, site: "function\(index)"), mode: .exact, reason: nil,
                all: .count(count), byCPU: [], lost: 0)
        }
        func lines(_ series: [SeriesInterval]) -> [Substring] {
            log.lines(Interval(sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1, series: series))
                .split(separator: "\n")
        }
        #expect(lines(series).map { $0.split(separator: " ").last } == ["mount_lock.excl_acquires[function1]"])
        let first = Interval(sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1, series: series)
        #expect(
            log.preamble(first).hasPrefix("# a line only where something happened: mount_lock.excl_acquires\n#TIME_UTC")
        )
        #expect(lines(Array(series.prefix(4))).count == 4)
    }

    @Test("what is lost in the middle of a run is a remark")
    func whatIsLostInTheMiddleOfARunIsARemark() {
        var changes = ModeChanges()
        _ = changes.follow(interval())
        var later = interval(withoutHolds: true, sequence: 2)
        later = later.following(&changes)
        #expect(
            log.changes(later)
                == "# unavailable from now on: namespace_sem.read_wait, namespace_sem.read_hold: kernel built without CONFIG_KPROBES\n"
        )
    }

    @Test("remarks are no data")
    func remarksAreNoData() { #expect(log.remarks("a\n\nb\n") == "# a\n#\n# b\n") }
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
