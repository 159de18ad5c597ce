import Contention
import Glibc
import Recording
import RecordingFixture
import SystemCalls
import Testing

private final class NoWait: Waiter {
    func wait(until deadline: UInt64) -> Wakeup { .deadline }
}

@Suite struct RunWindowTests {
    /// Six intervals of a second, of which the third is idle.
    private func run(sparse: Bool = false) throws -> (run: SmallRun, path: String) {
        let path = "/tmp/mountscope-window-\(Clocks.monotonic())-\(sparse)"
        var run = SmallRun()
        for sequence in 1...6 { run.addInterval(isIdle: sequence == 3) }
        var options = RunWriter.Options()
        options.isSparse = sparse
        try run.write(to: path, options: options)
        return (run, path)
    }

    private func remove(_ path: String) throws {
        for name in [
            "intervals.csv", "hist.csv", "run.json", "actors.csv", "tasks.csv", "scans.csv", "blame.csv",
            "namespaces.csv",
        ] {
            _ = withSystemPath("\(path)/\(name)") { unlink($0) }
        }
        _ = withSystemPath(path) { rmdir($0) }
    }

    private let middle = RunWindow(from: .offset(2_500_000_000), until: .offset(4_500_000_000))

    @Test("the sums of a part are those of its intervals, also where rows are left out", arguments: [false, true])
    func totals(sparse: Bool) throws {
        let (run, path) = try run(sparse: sparse)
        let totals = try RunReader(path, window: middle).totals()
        let whole = try RunReader(path).totals()
        try remove(path)
        let part = run.intervals[2...4]
        #expect(totals.intervals == 3)
        #expect(totals.elapsed == part.map(\.elapsed).reduce(0, +))
        #expect(totals.startMonotonic == run.intervals[1].endMonotonic)
        for key in SmallRun.keys where key.metric != .cpusOnline {
            let counts = part.map { $0[key]?.all?.count }
            let expected = counts.contains { $0 == nil } ? nil : counts.compactMap { $0 }.reduce(0, +)
            #expect(totals[key]?.count == expected, "\(key)")
        }
        #expect(totals[SeriesKey(.cpusOnline)]?.count == 3)
        let holds = SeriesKey(.readHold, site: "mountinfo")
        #expect(totals[holds]?.histogram?.buckets.reduce(0, +) == totals[holds]?.count)
        #expect(whole.intervals == 6 && whole.elapsed == run.intervals.map(\.elapsed).reduce(0, +))
    }

    @Test("a replay of a part has its intervals and their sum", arguments: [false, true])
    func replay(sparse: Bool) throws {
        let (run, path) = try run(sparse: sparse)
        var replay = try Replay(
            try RunReader(path).run, window: middle, speed: nil, waiter: NoWait(), clock: { 0 })
        var found: [Interval] = []
        while case .interval(let bundle) = try replay.next() { found.append(bundle.interval) }
        try remove(path)
        let expected = run.intervals[2...4]
        #expect(found.map(\.endMonotonic) == expected.map(\.endMonotonic))
        #expect(found.map(\.elapsed) == expected.map(\.elapsed))
        let key = SeriesKey(.writeSections)
        #expect(found.map { $0[key]?.all } == expected.map { $0[key]?.all })
        #expect(replay.summary?.elapsed == expected.map(\.elapsed).reduce(0, +))
        #expect(replay.summary?[key]?.all?.count == expected.compactMap { $0[key]?.all?.count }.reduce(0, +))
    }

    @Test("a part without an interval is an error with a hint")
    func empty() throws {
        let (_, path) = try run()
        let window = RunWindow(from: .offset(60_000_000_000))
        do {
            _ = try RunReader(path, window: window).totals()
            Issue.record("there was no error")
        } catch {
            #expect(error.message.contains("--from") && !error.hint.isEmpty)
        }
        #expect(throws: RunReadError.self) {
            try Replay(try RunReader(path).run, window: window, speed: nil, waiter: NoWait(), clock: { 0 })
        }
        try remove(path)
    }

    @Test("times of day are the first that is not before the run, whole times are what they say")
    func clocks() throws {
        #expect(RunWindow.clock("12:04") == .clock(43_440_000_000_000))
        #expect(RunWindow.clock("00:00:01") == .clock(1_000_000_000))
        #expect(RunWindow.clock("1970-01-01T00:00:01Z") == .moment(1_000_000_000))
        for text in ["", "12", "1:2", "24:00", "12:60", "12:04:60", "12:04:31:00", "-1:00", "12:0x", "１２:04"] {
            #expect(RunWindow.clock(text) == nil, "\(text)")
        }
        // The run begins at midnight.
        let (run, path) = try run()
        let window = RunWindow(from: .clock(4_100_000_000), until: .moment(1_709_164_800_000_000_000 + 5_000_000_000))
        let totals = try RunReader(path, window: window).totals()
        try remove(path)
        #expect(totals.intervals == 1 && totals.startMonotonic == run.intervals[3].endMonotonic)
    }
}
