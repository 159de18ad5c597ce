import Contention
import Recording

/// Runs of six series on three CPUs, of every kind of value, with numbers that are always the same.
package struct SmallRun {
    private var state: UInt64
    package private(set) var intervals: [Interval] = []
    package let start: UInt64 = 10_000_000_000
    package let second: UInt64 = 1_000_000_000

    package init(seed: UInt64 = 1) { state = seed }

    package mutating func number(below limit: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % limit
    }

    /// Adds an interval.
    /// - Parameter isIdle: whether nothing happens in it.
    package mutating func addInterval(isIdle: Bool = false) {
        let elapsed = second + number(below: 5_000_000)
        let end = (intervals.last?.endMonotonic ?? start) + elapsed
        let limit: UInt64 = isIdle ? 1 : 10
        let counts = (0..<3).map { _ in Delta.count(number(below: limit)) }
        let holds = (0..<3).map { _ in
            Delta.durations(
                (0..<number(below: limit)).reduce(into: Histogram.empty) { one, _ in
                    one.record(number(below: 100_000))
                })
        }
        let shares = (0..<3).map { _ in
            Delta.share(Share(part: number(below: limit), whole: 100 + number(below: 5), repeats: 0))
        }
        func series(_ key: SeriesKey, _ mode: Mode, _ cpus: [Delta?], lost: UInt64? = 0) -> SeriesInterval {
            SeriesInterval(key: key, mode: mode, reason: nil, all: Delta.sum(cpus), byCPU: cpus, lost: lost)
        }
        let unavailable = SeriesInterval(
            key: SeriesKey(.walkFallbacks, site: "parent"), mode: .unavailable, reason: "not here", all: nil, byCPU: [],
            lost: nil)
        let sections = SeriesInterval(
            key: SeriesKey(.writeSections), mode: .exact, reason: nil, all: .count(number(below: isIdle ? 1 : 1000)),
            byCPU: [],
            lost: 0)
        let lost = SeriesInterval(
            key: SeriesKey(.lostEvents, site: LossCause.allCases.last?.rawValue ?? ""), mode: .exact, reason: nil,
            all: .count(number(below: limit)), byCPU: [], lost: nil)
        intervals.append(
            Interval(
                sequence: intervals.count + 1, endMonotonic: end,
                endRealtime: 1_709_164_800_000_000_000 + Int64(end - start), elapsed: elapsed,
                series: [
                    sections, series(SeriesKey(.writeDuty), .sampled, shares),
                    series(SeriesKey(.readRetries, site: "walk"), .exact, counts, lost: isIdle ? 0 : number(below: 3)),
                    unavailable,
                    series(SeriesKey(.readHold, site: "mountinfo"), .estimated, holds, lost: nil),
                    series(SeriesKey(.cpusOnline), .exact, [.count(1), .count(1), .count(isIdle ? 0 : 1)]), lost,
                ]))
    }

    /// The intervals as a run in a folder.
    /// - Parameter end: nil for a writer that is killed.
    package func write(to path: String, end: RunEnd? = .finished, options: RunWriter.Options = .init()) throws {
        let writer = try RunWriter(
            folder: RunFolder(path: path, force: false), description: SmallRun.description(start), options: options)
        try writer.publish()
        for interval in intervals { try writer.append(interval) }
        if let end { try writer.close(end, command: nil) }
    }

    package static func description(_ start: UInt64) -> RunDescription {
        var host = HostConditions()
        host.hostname = "web7"
        host.kernelRelease = "6.12.107"
        host.possibleCPUs = 3
        host.onlineCPUs = [0, 1, 2]
        let row = AttachRow(
            key: SeriesKey(.walkFallbacks, site: "parent"), mode: .unavailable, program: "", function: "", address: nil,
            required: false, reason: "not here", hint: "")
        let first = Snapshot(monotonic: start, realtime: 1_709_164_800_000_000_000, possibleCPUs: 3, readings: [])
        return RunDescription(
            id: "00000000-0000-4000-8000-000000000000", toolVersion: "1.2.3", host: host, attachTable: [row],
            plan: SamplingPlan(interval: 1_000_000_000), command: [], first: first)
    }

    /// What the first intervals sum to, added up here.
    package func sum(_ key: SeriesKey, first count: Int? = nil) -> Delta? {
        Delta.sum(intervals.prefix(count ?? intervals.count).map { $0[key]?.all })
    }

    package static let keys = [
        SeriesKey(.writeSections), SeriesKey(.writeDuty), SeriesKey(.readRetries, site: "walk"),
        SeriesKey(.walkFallbacks, site: "parent"), SeriesKey(.readHold, site: "mountinfo"), SeriesKey(.cpusOnline),
        SeriesKey(.lostEvents, site: "impossible"),
    ]
}

extension CSVRows {
    /// The first rows of others.
    package init(_ rows: CSVRows, first count: Int) {
        self.init()
        for line in rows.bytes[..<rows.rowEnds[count - 1]].split(separator: UInt8(ascii: "\n")) {
            for cell in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                append(String(decoding: cell, as: UTF8.self))
            }
            endRow()
        }
    }
}

extension RunWriter {
    /// Writes an interval without records.
    package func append(_ interval: Interval) throws { try append(IntervalBundle(interval)) }
}
