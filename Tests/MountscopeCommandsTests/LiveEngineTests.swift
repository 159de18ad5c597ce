import Contention
import Glibc
import ManualClock
import Report
import SystemCalls
import Terminal
import Testing

@testable import MountscopeCommands

/// A kernel that counts one write section a millisecond, and a clock that only the test moves.
private final class World: ManualClock, SnapshotSource {
    init() { super.init(now: 1_000_000_000) }

    func snapshot() -> Snapshot {
        let readings = SeriesKey.all.map { key in
            key.metric.subject == .mountLock && key.metric.kind == .machineCounter
                ? SeriesReading(key: key, mode: .exact, value: .total(now / 1_000_000), lost: 0)
                : SeriesReading(key: key, mode: .unavailable, value: .unavailable(reason: "a fake kernel"), lost: nil)
        }
        return Snapshot(monotonic: now, realtime: Int64(now), possibleCPUs: 1, readings: readings)
    }
}

private final class Recorder: LiveDisplay {
    var events: [String] = []

    func show(_ interval: Interval, summary: Interval) {
        let count = interval.series.first?.all?.count ?? 0
        events.append("show \(interval.sequence): \(count) of \(summary.series.first?.all?.count ?? 0)")
    }

    func redraw() { events.append("redraw") }

    func suspend() { events.append("suspend") }

    func press(_ key: Key) -> DisplayRequest? {
        switch key {
        case .character("q"): .quit
        case .character("+"): .interval(2_000_000_000)
        default: nil
        }
    }

    func finish(_ summary: Interval?, intervals: Int) {
        events.append("finish \(intervals): \(summary.map { "\($0.elapsed / 1_000_000) ms" } ?? "nothing")")
    }
}

@Suite struct LiveEngineTests {
    private let world = World()
    private let recorder = Recorder()
    private let second: UInt64 = 1_000_000_000

    private func run(duration: UInt64? = nil) throws {
        let plan = SamplingPlan(interval: second, duration: duration)
        var engine = LiveEngine(
            try SamplingLoop(source: world, waiter: world, plan: plan), display: recorder)
        try engine.run()
    }

    @Test("the duration shows its last interval too")
    func theDurationShowsItsLastIntervalToo() throws {
        try run(duration: 2_500_000_000)
        #expect(
            recorder.events == [
                "show 1: 1000 of 1000", "show 2: 1000 of 2000", "show 3: 500 of 2500", "finish 3: 2500 ms",
            ])
    }

    @Test(
        "a request to end ends with a summary of everything",
        arguments: [
            Wakeup.stop(.interrupt, fromTerminal: true), .stop(.terminate, fromTerminal: false),
            .stop(.hangUp, fromTerminal: false), .key(.character("q")),
        ])
    func aRequestToEndEndsWithASummaryOfEverything(wakeup: Wakeup) throws {
        world.news = [(2_300_000_000, wakeup)]
        try run()
        #expect(recorder.events == ["show 1: 1000 of 1000", "finish 2: 1300 ms"])
    }

    @Test("an end at once has no summary")
    func anEndAtOnceHasNoSummary() throws {
        world.news = [(second, .stop(.interrupt, fromTerminal: true))]
        try run()
        #expect(recorder.events == ["finish 0: nothing"])
    }

    @Test("other news is acted on and the view goes on")
    func otherNewsIsActedOnAndTheViewGoesOn() throws {
        world.news = [
            (second + 1, .windowChanged), (second + 2, .suspend), (second + 3, .key(.character("x"))),
            (second + 4, .childChanged),
        ]
        try run(duration: second)
        #expect(recorder.events == ["redraw", "suspend", "show 1: 1000 of 1000", "finish 1: 1000 ms"])
    }

    @Test("another interval begins with the one that is running")
    func anotherInterval() throws {
        world.news = [(second + 500_000_000, .key(.character("+")))]
        try run(duration: 5 * second)
        #expect(
            recorder.events == [
                "show 1: 2000 of 2000", "show 2: 2000 of 4000", "show 3: 1000 of 5000", "finish 3: 5000 ms",
            ])
    }

    @Test("a reader that goes away ends it quietly")
    func aReaderThatGoesAwayEndsItQuietly() throws {
        world.news = [(second + 1, .outputClosed)]
        #expect(throws: OutputError.closed) { try run() }
        #expect(recorder.events == [])
    }

    @Test("a pipe gets a block for each interval, and a summary")
    func aPipeGetsABlockForEachIntervalAndASummary() throws {
        var ends: [Int32] = [0, 0]
        try retryingInterrupted { pipe(&ends) }
        let reading = FileDescriptor(owning: ends[0])
        var host = HostConditions()
        host.hostname = "web7"
        host.kernelRelease = "6.12.107"
        host.possibleCPUs = 1
        do {
            let writing = FileDescriptor(owning: ends[1])
            let display = LogDisplay(
                LiveReport(host: host), cpus: host.cpus, Output(writing.number))
            let loop = try SamplingLoop(
                source: world, waiter: world, plan: SamplingPlan(interval: second, duration: second))
            var engine = LiveEngine(loop, display: display)
            try engine.run()
        }
        let lines = String(decoding: try reading.readToEnd(), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(5) == [
                "UNKNOWN waits for namespace_sem unknown.",
                "DATA   1 of 11 rows exact, 10 not measured; losses not known",
                "1970-01-01T00:00:02Z    RATE/s     TIME/s       P50       P99       MAX", "mount_lock",
                " write sections          1,000          -         -         -         -",
            ])
        #expect(lines.contains("mountscope  web7  6.12.107  1 CPU  1.00 s in 1 interval"))
        #expect(lines.last?.hasPrefix("  ") == true || lines.last?.hasPrefix("unavailable: ") == true)
    }
}
