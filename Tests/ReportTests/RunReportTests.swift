import Testing

@testable import Contention
@testable import Report

/// A run of four seconds: sections in the second half only, holds all the time, a series known for half of it.
private func run(
    _ path: String = "runs/a", sections: [UInt64] = [0, 0, 10, 30], more: [SeriesKey: String] = [:]
) throws -> ReportedRun {
    let names = [
        SeriesName(SeriesKey(.writeSections)), SeriesName(SeriesKey(.readRetries, site: "walk")),
        SeriesName(SeriesKey(.walkFallbacks, site: "parent")), SeriesName(SeriesKey(.readHold, site: "mountinfo")),
    ]
    var builder = RunTotalsBuilder(start: (1_000, 0), isSparse: false)
    for sequence in 1...4 {
        var record = IntervalRecord()
        record.sequence = sequence
        record.elapsed = 1_000_000_000
        record.monotonic = 1_000 + UInt64(sequence) * record.elapsed
        record.realtime = Int64(sequence) * 1_000_000_000
        func add(_ series: Int, count: UInt64?, mode: Mode = .exact, nanoseconds: UInt64? = nil, cpu: Int? = nil) {
            record.series = series
            record.count = count
            record.nanoseconds = nanoseconds
            record.maximum = nanoseconds
            record.mode = mode
            record.cpu = cpu
            record.lost = cpu == nil && count != nil ? 0 : nil
            builder.add(record, names)
        }
        add(0, count: sections[sequence - 1])
        add(1, count: sequence > 2 ? nil : 50, mode: sequence > 2 ? .unavailable : .exact)
        if sequence <= 2 {
            add(1, count: 20, cpu: 0)
            add(1, count: 30, cpu: 1)
        }
        add(2, count: nil, mode: .unavailable)
        add(3, count: 1, nanoseconds: 2_000_000)
        add(3, count: 1, nanoseconds: 2_000_000, cpu: 1)
    }
    builder.add(bucket: HistogramLayout.bucket(of: 2_000_000), count: 4, names[3], in: 1)
    var host = HostConditions()
    host.hostname = "web7"
    host.kernelRelease = "6.12.107"
    host.kernelBuild = "#1 SMP"
    host.architecture = "x86_64"
    host.bootFlags = "quiet"
    host.cpuModel = "A CPU"
    host.possibleCPUs = 2
    host.cores = 2
    host.sockets = 1
    host.mountsInNamespace = 20
    host.mountNamespaces = 3
    let reasons = [SeriesKey(.walkFallbacks, site: "parent"): "path_parentat is inlined"]
    return ReportedRun(
        path: path, identifier: "id", toolVersion: "1.2.3", host: host, attachTable: [],
        reasons: reasons.merging(more) { $1 },
        command: "make (exit status 0)", ending: "finished", plannedInterval: 1_000_000_000,
        totals: try builder.finish())
}

@Suite struct RunReportTests {
    @Test("a run is shown with its conditions, its sums and how it went")
    func aRunIsShownWithItsConditionsItsSumsAndHowItWent() throws {
        let text = RunReport(try run()).text(width: .max)
        #expect(text == expectedReport)
    }

    /// As the budget leaves it, with what stands in for the metric.
    private static let removal = [
        SeriesKey(.readRetries, site: "walk"):
            "taken off after 2.0 s: its probes took 2.31 % of all CPU time, all together 3.00 %, --budget allows 1.00 %; "
            + "--budget off keeps them; mount_lock.spin_share stands in for it"
    ]
    private static let removalLine =
        "mount_lock.read_retries: taken off after 2.0 s: its probes took 2.31 % of all CPU time, all together 3.00 %, "
        + "--budget allows 1.00 %; --budget off keeps them"

    @Test("what the budget took off is told with the reason, alone and side by side, and not as a gap without one")
    func whatTheBudgetTookOff() throws {
        let taken = try run(more: Self.removal)
        let lines = RunReport(taken).text(width: .max).split(separator: "\n").map(String.init)
        #expect(lines.contains(Self.removalLine) && !lines.contains { $0.contains("known for") })
        let sides = RunsReport([try run("runs/b"), taken]).text(width: .max).split(separator: "\n").map(String.init)
        #expect(sides.last == "B: " + Self.removalLine)
        #expect(sides.filter { $0.contains("taken off") }.count == 1)
        let page = RunPage(taken).text
        #expect(page.contains("<p>\(Self.removalLine)</p>"))
    }

    @Test("eighty columns are enough")
    func eightyColumnsAreEnough() throws {
        let lines = RunReport(try run()).text(width: 80).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.contains { $0.hasPrefix("read_hold      mountinfo") })
    }

    @Test("runs stand side by side, without the series in which nothing happened")
    func runsStandSideBySideWithoutTheSeriesInWhichNothingHappened() throws {
        let text = RunsReport([try run(), try run("runs/b", sections: [100, 100, 100, 100])]).text(width: .max)
        #expect(
            text == """
                A: runs/a  web7  6.12.107  2 CPUs  4.00 s in 4 intervals of 1.00 s (finished)
                B: runs/b  web7  6.12.107  2 CPUs  4.00 s in 4 intervals of 1.00 s (finished)

                METRIC                     SITE        A RATE/s    A P50    A P99  B RATE/s    B P50    B P99
                mount_lock.write_sections                  10.0                         100
                mount_lock.read_retries    walk            50.0                        50.0
                namespace_sem.read_hold    mountinfo       1.00  2.00 ms  2.00 ms      1.00  2.00 ms  2.00 ms

                """)
    }

    @Test("many runs have names of two letters")
    func manyRunsHaveNamesOfTwoLetters() {
        #expect([0, 25, 26, 51, 52].map(RunsReport.letter) == ["A", "Z", "AA", "AZ", "BA"])
    }
}

@Suite struct SparklineTests {
    private func line(_ counts: [UInt64], bases: [UInt64], steps: Int? = nil) -> String {
        var timeline = Timeline()
        for (step, (count, base)) in zip(counts, bases).enumerated() { timeline.add(count, base: base, step: step) }
        return Sparkline.text(timeline, steps: steps ?? counts.count)
    }

    @Test("the highest is as high as a line can be, nothing is the lowest, unknown is blank")
    func theHighestIsAsHighAsALineCanBeNothingIsTheLowestUnknownIsBlank() {
        #expect(line([0, 1, 50, 0, 100], bases: [1, 1, 1, 0, 1]) == "▁▂▅ █")
    }

    @Test("a series that ceased to be measured ends where it ceased")
    func aSeriesThatCeasedToBeMeasuredEndsWhereItCeased() {
        #expect(line([1, 1], bases: [1, 1], steps: 4) == "██  ")
        #expect(line([], bases: [], steps: 4) == "    ")
    }

    @Test("nothing at all is a flat line")
    func nothingAtAllIsAFlatLine() { #expect(line([0, 0, 0], bases: [1, 1, 1]) == "▁▁▁") }

    @Test("a long run is as wide as a short one")
    func aLongRunIsAsWideAsAShortOne() {
        let counts = (0..<100).map { UInt64($0 < 50 ? 0 : 7) }
        let text = line(counts, bases: counts.map { _ in 1 })
        #expect(text == String(repeating: "▁", count: 12) + String(repeating: "█", count: 12))
    }
}

private let expectedReport = """
    UNKNOWN waits for namespace_sem unknown.
    DATA   3 of 11 rows exact, 8 not measured; losses not known

    mountscope  web7  6.12.107  2 CPUs  4.00 s in 4 intervals of 1.00 s (finished)
    run: runs/a  id  by mountscope 1.2.3
    time: 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:04.000Z
    command: make (exit status 0)
    kernel: #1 SMP  x86_64  flags: quiet
    hardware: A CPU, 1 socket, 2 cores
    mounts at the start: 20, 3 mount namespaces

    LOCK           METRIC          SITE            TOTAL   RATE/s      P50      P90      P99      MAX  MODE         LOST  OVER TIME
    mount_lock     write_sections                     40     10.0                                      exact           0  ▁▁▃█
                   read_retries    walk              100     50.0                                      exact           0  ██
    namespace_sem  read_hold       mountinfo           4     1.00  2.00 ms  2.00 ms  2.00 ms  2.00 ms  exact           0  ████

    busiest CPUs by read_retries: cpu1 30.0/s, cpu0 20.0/s
    busiest CPUs by read_hold: cpu1 2.00 ms/s
    namespace_sem read-held 2.00 ms a time, by 0.00 tasks on average
    unavailable: mount_lock.walk_fallbacks: path_parentat is inlined
    mount_lock.read_retries[walk]: known for 2.00 s only, unknown in 2 of 4 intervals

    """
