import Contention
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

@Suite struct SparseTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    /// Busy and idle intervals in turn.
    private func run(_ count: Int = 12) -> SmallRun {
        var run = SmallRun(seed: 5)
        for index in 0..<count { run.addInterval(isIdle: index % 4 > 0) }
        return run
    }

    private func write(_ run: SmallRun, _ name: String, sparse: Bool, end: RunEnd? = .finished) throws -> String {
        var options = RunWriter.Options()
        options.isSparse = sparse
        let path = "\(temporary.path)/\(name)"
        try run.write(to: path, end: end, options: options)
        return path
    }

    private func replayed(_ path: String) throws -> [Interval] {
        var replay = try Replay(try RunReader(path).run, speed: nil, waiter: World(), clock: { 0 })
        var intervals: [Interval] = []
        while case .interval(let bundle) = try replay.next() { intervals.append(bundle.interval) }
        return intervals
    }

    @Test("a sparse run has the same sums as one with every row")
    func aSparseRunHasTheSameSumsAsOneWithEveryRow() throws {
        let run = run()
        let whole = try RunReader(try write(run, "whole", sparse: false)).totals()
        let sparse = try RunReader(try write(run, "sparse", sparse: true)).totals()
        for (one, other) in zip(whole.series, sparse.series) {
            #expect(one.name == other.name)
            #expect(one.count == other.count)
            #expect(one.nanoseconds == other.nanoseconds)
            #expect(one.maximum == other.maximum)
            #expect(one.lost == other.lost)
            #expect(one.share == other.share)
            #expect(one.histogram == other.histogram)
            #expect(one.modes == other.modes)
            #expect(one.knownElapsed == other.knownElapsed)
            #expect(one.unknownIntervals == other.unknownIntervals)
            #expect(one.timeline == other.timeline)
            #expect(
                one.cpus.map { [Int($0.0), Int($0.1.count ?? 0)] }
                    == other.cpus.map { [Int($0.0), Int($0.1.count ?? 0)] })
        }
        #expect(whole.series.count == sparse.series.count)
    }

    @Test("of a CPU's share the whole is unknown when rows were left out")
    func ofACPUsShareTheWholeIsUnknownWhenRowsWereLeftOut() throws {
        let totals = try RunReader(try write(run(), "sparse", sparse: true)).totals()
        #expect(totals[SeriesKey(.writeDuty)]?.cpus.map(\.1.share) == [nil, nil, nil])
        #expect(totals[SeriesKey(.writeDuty)]?.share != nil)
    }

    @Test("a sparse run replays as one with every row")
    func aSparseRunReplaysAsOneWithEveryRow() throws {
        let run = run()
        let whole = try replayed(try write(run, "whole", sparse: false))
        let sparse = try replayed(try write(run, "sparse", sparse: true))
        try #require(whole.count == sparse.count)
        for (one, other) in zip(whole, sparse) {
            #expect(one.sequence == other.sequence)
            for (left, right) in zip(one.series, other.series) {
                #expect(left.all == right.all)
                #expect(left.mode == right.mode)
                #expect(left.lost == right.lost)
                if left.all?.share == nil { #expect(left.byCPU.map { $0?.count } == right.byCPU.map { $0?.count }) }
            }
        }
    }

    @Test("a quiet interval is a share's row and the last series' row")
    func aQuietIntervalIsAShareSRowAndTheLastSeriesRow() throws {
        let path = try write(run(4), "sparse", sparse: true)
        let rows = try readText("\(path)/intervals.csv").split(separator: "\n")
        let third = rows.filter { $0.hasPrefix("00000000-0000-4000-8000-000000000000,3,") }
        #expect(third.count == 2)
        #expect(third.first?.contains(",write_duty,,all,") == true)
        #expect(third.last?.contains(",lost_events,impossible,all,") == true)
    }

    @Test("a sparse run that was killed has its whole intervals")
    func aSparseRunThatWasKilledHasItsWholeIntervals() throws {
        let run = run(6)
        let path = try write(run, "sparse", sparse: true, end: nil)
        let length = try readText("\(path)/intervals.csv").utf8.count
        var most = 6
        for cut in stride(from: length, to: length / 2, by: -1) {
            try FileDescriptor.open("\(path)/intervals.csv", 1).truncate(to: cut)
            let totals = try RunReader(path).totals()
            #expect(totals.intervals <= most)
            most = totals.intervals
            let key = SeriesKey(.writeSections)
            #expect(totals[key]?.count == run.sum(key, first: totals.intervals)?.count)
        }
        #expect(most < 6)
    }

    @Test("what becomes unknown is written, and what stays unknown is not")
    func whatBecomesUnknownIsWrittenAndWhatStaysUnknownIsNot() {
        var sparse = SparseRows()
        func select(_ count: UInt64?, mode: Mode = .exact) -> Bool {
            let series = SeriesInterval(
                key: SeriesKey(.writeSections), mode: mode, reason: nil, all: count.map(Delta.count), byCPU: [],
                lost: 0)
            return sparse.select(series, at: 0, isLast: false) != nil
        }
        #expect(select(0))
        #expect(!select(0))
        #expect(select(nil))
        #expect(!select(nil))
        #expect(select(nil, mode: .unavailable))
        #expect(select(0))
        #expect(select(7))
        #expect(!select(0))
    }
}

@Suite struct RotationTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }

    init() throws { temporary = try TemporaryFolder() }

    private func write(_ count: Int, _ rotation: Rotation, sparse: Bool = false, end: RunEnd? = .finished) throws
        -> SmallRun
    {
        var run = SmallRun()
        for index in 0..<count { run.addInterval(isIdle: index % 2 == 1) }
        var options = RunWriter.Options()
        options.rotation = rotation
        options.isSparse = sparse
        try run.write(to: path, end: end, options: options)
        return run
    }

    /// The files of a part, in the order of run.json.
    private func parts(_ part: Int) -> [String] { RunTables.all.map { RunFolder.name($0.file, part: part) } }

    @Test("a run goes on in new files after a time", arguments: [false, true])
    func aRunGoesOnInNewFilesAfterATime(sparse: Bool) throws {
        let run = try write(7, .time(2_000_000_000), sparse: sparse)
        var files: [String] = ["run.json"]
        for part in 1...4 { files += parts(part) }
        files.sort()
        #expect(temporary.names(in: "run") == files)
        let reader = try RunReader(path)
        #expect(reader.run.files.count == 4 * RunTables.all.count)
        let totals = try reader.totals()
        #expect(totals.intervals == 7)
        for key in SmallRun.keys where key.metric != .cpusOnline {
            #expect(totals[key]?.count == run.sum(key)?.count)
            #expect(totals[key]?.histogram == run.sum(key)?.histogram)
        }
    }

    @Test("a run goes on in new files after a size, and every file has a header and whole intervals")
    func aRunGoesOnInNewFilesAfterASize() throws {
        _ = try write(5, .size(4000))
        let parts = temporary.names(in: "run").filter { $0.hasPrefix("intervals") }
        #expect(parts.count > 1)
        for part in parts {
            let lines = try temporary.read("run/\(part)").split(separator: "\n")
            #expect(lines[0].hasPrefix("run_id,"))
            #expect(lines[1].contains(",write_sections,"))
            #expect(lines.last?.contains(",lost_events,impossible,") == true)
        }
    }

    @Test("a killed run has checksums of its full files, and the rows of the last")
    func aKilledRunHasChecksumsOfItsFullFiles() throws {
        let run = try write(5, .time(2_000_000_000), end: nil)
        #expect(
            try RunReader(path).run.files.map(\.name) == parts(1) + parts(2))
        #expect(try RunReader(path).totals()[SmallRun.keys[0]]?.count == run.sum(SmallRun.keys[0])?.count)
        let last = try temporary.read("run/intervals-3.csv")
        try temporary.write(String(last.dropLast(100)), to: "run/intervals-3.csv")
        #expect(try RunReader(path).totals()[SmallRun.keys[0]]?.count == run.sum(SmallRun.keys[0], first: 4)?.count)
        try temporary.write("", to: "run/intervals-3.csv")
        #expect(try RunReader(path).totals().intervals == 4)
        let full = try temporary.read("run/intervals-2.csv")
        try temporary.write(String(full.dropLast(100)), to: "run/intervals-2.csv")
        #expect(throws: RunReadError.self) { try RunReader(path).totals() }
    }

    @Test("a rotated run that is replaced leaves no files behind")
    func aRotatedRunThatIsReplacedLeavesNoFilesBehind() throws {
        _ = try write(7, .time(2_000_000_000))
        var run = SmallRun()
        run.addInterval()
        let writer = try RunWriter(
            folder: RunFolder(path: path, force: true), description: SmallRun.description(run.start))
        try writer.publish()
        try writer.append(run.intervals[0])
        try writer.close(.finished, command: nil)
        #expect(temporary.names(in: "run") == RunFolder.files.sorted())
        #expect(try RunReader(path).totals().intervals == 1)
    }
}

@Suite struct RecordingSizeTests {
    /// Bytes of an interval on 192 CPUs where nothing, or something on every CPU, happened.
    private func bytes(busy: Bool, sparse isSparse: Bool) -> Int {
        let cpus = 192
        var sparse: SparseRows? = isSparse ? SparseRows() : nil
        var rows = CSVRows()
        var first = 0
        for sequence in 1...3 {
            let series = SeriesKey.all.map { key -> SeriesInterval in
                let delta: Delta
                switch key.metric.kind {
                case .counter, .machineCounter: delta = .count(busy ? 1234 : 0)
                case .durations:
                    delta = .durations(busy ? (0..<1000).reduce(into: .empty) { $0.record(20_000 + $1) } : .empty)
                case .timedCounter, .machineTimedCounter:
                    delta = .timed(TimedCount(count: busy ? 1234 : 0, nanoseconds: busy ? 1_234_567 : 0))
                case .share, .machineShare: delta = .share(Share(part: busy ? 12 : 0, whole: 1000, repeats: 0))
                case .level: delta = .count(1)
                }
                let hasCPUs = ![.machineCounter, .machineTimedCounter, .machineShare].contains(key.metric.kind)
                let byCPU = hasCPUs ? Array(repeating: Delta?.some(delta), count: cpus) : []
                return SeriesInterval(
                    key: key, mode: .exact, reason: nil, all: hasCPUs ? Delta.sum(byCPU) : delta, byCPU: byCPU, lost: 0)
            }
            let interval = Interval(
                sequence: 43_200 + sequence, endMonotonic: 123_456_789_012_345, endRealtime: 1_709_164_800_000_000_000,
                elapsed: 1_000_012_345, series: series)
            first = rows.bytes.count
            IntervalTable.append(
                interval, run: "00000000-0000-4000-8000-000000000000", onlineCPUs: Set(0..<cpus), sparse: &sparse,
                to: &rows)
        }
        return rows.bytes.count - first
    }

    @Test("a quiet interval of 192 CPUs is a thousandth when rows are left out, a busy one is as large")
    func aQuietIntervalOf192CPUsIsAThousandthWhenRowsAreLeftOut() {
        let sizes = [false, true].map { busy in [false, true].map { bytes(busy: busy, sparse: $0) } }
        // docs/recording-format.md states what these come to in a day, as measured here: 1,699,760 and 1,458 bytes a
        // second when quiet, 1,945,695 and 1,916,469 when every series counts on every CPU.
        #expect(sizes[0][1] * 500 < sizes[0][0])
        #expect(sizes[1][1] <= sizes[1][0])
    }
}
