import Contention
import Glibc
import JSON
import Recording
import SystemCalls

/// A folder of its own in the temporary directory, removed with everything in it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/mountscope-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno.current }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { TemporaryFolder.remove(path) }

    func write(_ text: String, to name: String) throws {
        try FileDescriptor.open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC).write(Array(text.utf8))
    }

    func read(_ name: String) throws -> String { try readText("\(path)/\(name)") }

    /// The names in a folder, sorted.
    func names(in folder: String = "") -> [String] { TemporaryFolder.names("\(path)/\(folder)") }

    private static func names(_ path: String) -> [String] {
        guard let stream = opendir(path), let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        for name in names(path) where unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        rmdir(path)
    }
}

/// A kernel and a clock that only the test moves.
final class World: SnapshotSource, Waiter {
    var now: UInt64 = 10_000_000_000
    let start: Int64 = 1_709_164_800_000_000_000
    /// News by the moment it comes; it may do something to the world first.
    var news: [(at: UInt64, wakeup: Wakeup, happens: () -> Void)] = []
    /// nil: reading works.
    var readingFails: SystemFailure?
    var mode: (SeriesKey) -> Mode = { _ in .exact }
    var snapshots = 0
    /// By actor, by the milliseconds since the start.
    var records: (UInt64) -> RecordSnapshot = { _ in .none("nothing measures it") }

    func snapshot() throws -> Snapshot {
        if let readingFails { throw readingFails }
        snapshots += 1
        return Snapshot(
            monotonic: now, realtime: start + Int64(now) - 10_000_000_000, possibleCPUs: 3,
            readings: SeriesKey.all.map(reading), records: records((now - 10_000_000_000) / 1_000_000))
    }

    func wait(until deadline: UInt64) -> Wakeup {
        if let next = news.first, next.at <= deadline {
            news.removeFirst()
            now = max(now, next.at)
            next.happens()
            return next.wakeup
        }
        now = max(now, deadline)
        return .deadline
    }

    /// A thousand events a second on CPU 0, half as many on CPU 1, none on CPU 2.
    private func reading(_ key: SeriesKey) -> SeriesReading {
        let mode = mode(key)
        guard mode != .unavailable else {
            return SeriesReading(key: key, mode: mode, value: .unavailable(reason: "not here"), lost: nil)
        }
        let events = (now - 10_000_000_000) / 1_000_000
        let value: ReadingValue =
            switch key.metric.kind {
            case .machineCounter: .total(events)
            case .counter: .counts([events, events / 2, 0])
            case .durations: .histograms([histogram(events), histogram(events / 2), .empty])
            case .timedCounter:
                .timedCounts([events, events / 2, 0].map { TimedCount(count: $0, nanoseconds: 7 * $0) })
            case .machineTimedCounter: .timedTotal(TimedCount(count: events, nanoseconds: 3 * events))
            case .share: .shares([events, events / 2, 0].map { Share(part: $0 / 8, whole: $0, repeats: $0 / 64) })
            case .machineShare: .totalShare(Share(part: events, whole: events))
            case .level: .levels([1, 1, 0])
            }
        return SeriesReading(key: key, mode: mode, value: value, lost: 0)
    }

    private func histogram(_ count: UInt64) -> Histogram {
        (0..<count).reduce(into: .empty) { histogram, index in histogram.record(1_000 + index) }
    }
}

/// A command that ends when the test says so.
final class FakeCommand: RecordedCommand {
    var startFails: SystemFailure?
    var end: CommandEnd?
    var said: JSONValue?
    var isStarted = false
    var signals: [Int32] = []
    /// Called with each signal.
    var onSignal: (Int32) -> Void = { _ in }

    func start() throws {
        if let startFails { throw startFails }
        isStarted = true
    }

    func poll() throws -> CommandEnd? { end }

    func workload() throws -> JSONValue? { said }

    func send(_ signal: Int32) {
        signals.append(signal)
        onSignal(signal)
    }
}

final class QuietObserver: RecordObserver {
    var intervals: [Interval] = []
    var notices: [String] = []

    func recorded(_ interval: Interval, summary: Interval?) { intervals.append(interval) }

    func notice(_ text: String) { notices.append(text) }
}

extension RunDescription {
    static func example(_ world: World, plan: SamplingPlan, command: [String] = []) throws -> RunDescription {
        var host = HostConditions()
        host.hostname = "web7"
        host.kernelRelease = "6.12.107"
        host.possibleCPUs = 3
        host.onlineCPUs = [0, 1]
        let row = AttachRow(
            key: SeriesKey(.readRetries, site: "d_path"), mode: .estimated, program: "kprobe",
            function: "prepend_path+0x54", address: 0xffff_ffff_8123_4567, required: false, reason: "an upper bound",
            hint: "")
        var description = RunDescription(
            id: "00000000-0000-4000-8000-000000000000", toolVersion: "1.2.3", host: host, attachTable: [row],
            plan: plan,
            command: command, first: try world.snapshot())
        description.probing = ProbingConditions(attach: "auto", budget: 0.01, hertz: 499)
        return description
    }
}
