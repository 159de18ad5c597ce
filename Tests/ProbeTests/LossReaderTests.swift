import CProbe
import Contention
import Testing

@testable import Probe

/// Each cause with a number of its own, so that a mix-up of two would show.
@Suite("Losses of programs on instructions and of tracepoints") struct LossReaderTests {
    private let sites = LockSiteReaderTests.emptyObject()
    private let waits = CountedObject()
    private static let waitWords = MemoryLayout<ms_contention_counts>.stride / 8

    init() {
        let lost = Int(MS_SITE_SLOTS) + Int(MS_SITE_HISTOGRAM_ROOM)
        for loss in 0..<Int(MS_SITE_LOSSES.rawValue) {
            sites.set("site_counts", word: lost + loss, 1 << UInt64(loss))
        }
        waits.make("contention_counts", words: 2 * Self.waitWords)
        for loss in 0..<Int(MS_CONTENTION_LOSSES.rawValue) {
            waits.set("contention_counts", word: Int(MS_CONTENDED_ROOM) + loss, 1000 << UInt64(loss))
        }
    }

    private static func of(_ losses: ms_site_loss...) -> UInt64 { losses.reduce(0) { $0 + 1 << UInt64($1.rawValue) } }
    private static func of(_ losses: ms_contention_loss...) -> UInt64 {
        losses.reduce(0) { $0 + 1000 << UInt64($1.rawValue) }
    }

    private func reader(withWaits: Bool = false) throws -> LossReader {
        let probes = LockSiteProbes(LockSiteReaderTests.plan, attached: sites, possibleCPUs: 2)
        try probes.refresh()
        let tracepoints = TracepointProbes(attached: waits, possibleCPUs: 2)
        try tracepoints.refresh()
        return LossReader(
            plan: AttachPlan(HandMadeKernel().map(), AttachPlanTests.nothing), programs: nil,
            reader: CounterReader(programs: nil, possibleCPUs: 2), sites: probes,
            tracepoints: withWaits ? tracepoints : nil)
    }

    @Test("every loss is in the row of its cause, once")
    func causes() throws {
        let rows: [(LossCause, UInt64, UInt64)] = [
            (
                .unmatched, Self.of(MS_SITE_LOCK_UNMATCHED, MS_SITE_SEMAPHORE_UNMATCHED),
                Self.of(MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_SEMAPHORE_UNMATCHED)
            ),
            (
                .mapFull, Self.of(MS_SITE_SPINNERS_FULL, MS_SITE_TURNS_FULL),
                Self.of(MS_CONTENTION_LOCK_FULL, MS_CONTENTION_SEMAPHORE_FULL)
            ),
            (
                .impossible,
                Self.of(MS_SITE_LOCK_IMPOSSIBLE, MS_SITE_SEMAPHORE_IMPOSSIBLE, MS_SITE_SPIN_IMPOSSIBLE),
                Self.of(MS_CONTENTION_LOCK_IMPOSSIBLE, MS_CONTENTION_SEMAPHORE_IMPOSSIBLE)
            ),
        ]
        for (cause, ofSites, ofWaits) in rows {
            let key = SeriesKey(.lostEvents, site: cause.rawValue)
            #expect(try reader().reading(key).value == .total(ofSites), "\(cause)")
            #expect(try reader(withWaits: true).reading(key).value == .total(ofSites + ofWaits), "\(cause)")
        }
        let all = (1 << UInt64(MS_SITE_LOSSES.rawValue)) - 1
        #expect(rows.reduce(0) { $0 + $1.1 } == all, "none is forgotten")
        #expect(rows.reduce(0) { $0 + $1.2 } == 1000 * ((1 << UInt64(MS_CONTENTION_LOSSES.rawValue)) - 1))
    }

    @Test("a series bears the losses of its own lock and kind, and no other's")
    func series() throws {
        let losses = try reader()
        func lost(_ metric: Metric, _ site: String = "") -> UInt64? {
            let key = SeriesKey(metric, site: site)
            return losses.lost(key, LockSiteSeries.programs(key).map(\.rawValue))
        }
        #expect(lost(.writeAcquires, "attach_mnt") == 0)
        #expect(lost(.writeHold) == Self.of(MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE))
        #expect(lost(.readerSpins, "path_init") == Self.of(MS_SITE_SPINNERS_FULL))
        #expect(lost(.spinTime, "path_init") == Self.of(MS_SITE_SPINNERS_FULL, MS_SITE_SPIN_IMPOSSIBLE))
        #expect(
            lost(.semaphoreWriteHold, "umount")
                == Self.of(MS_SITE_SEMAPHORE_UNMATCHED, MS_SITE_TURNS_FULL, MS_SITE_SEMAPHORE_IMPOSSIBLE))
    }

    @Test("a series bears what the kernel skipped of its own programs")
    func skipped() throws {
        sites.recursion = ["write_acquired": 10_000, "write_left": 20_000, "reader_paused": 40_000]
        sites.missed = ["write_acquired": 100_000]
        let losses = try reader()
        let key = SeriesKey(.writeAcquires, site: "attach_mnt")
        #expect(losses.lost(key, ["write_acquired"]) == 110_000)
        let recursion = losses.reading(SeriesKey(.lostEvents, site: "recursion")).value
        #expect(recursion == .total(50_000), "of those that are attached")
        #expect(losses.reading(SeriesKey(.lostEvents, site: "missed_kprobe")).value == .total(100_000))
    }

    @Test("waits that tracepoints lost are borne by the lock they were for")
    func waitsOfTracepoints() throws {
        let losses = try reader(withWaits: true)
        #expect(
            losses.lost(SeriesKey(.lockWait, site: Metric.either), TracepointPlan.programs)
                == Self.of(
                    MS_CONTENTION_LOCK_FULL, MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_LOCK_IMPOSSIBLE))
        #expect(
            losses.lost(SeriesKey(.writeWait, site: "mount"), TracepointPlan.programs)
                == Self.of(
                    MS_CONTENTION_SEMAPHORE_FULL, MS_CONTENTION_SEMAPHORE_UNMATCHED,
                    MS_CONTENTION_SEMAPHORE_IMPOSSIBLE))
    }
}

@Suite("What tracepoints counted") struct TracepointCountTests {
    private let object = CountedObject()
    private static let words = MemoryLayout<ms_contention_counts>.stride / 8
    private static let histogramWords = MemoryLayout<ms_histogram>.stride / 8

    init() {
        object.make("contention_counts", words: 2 * Self.words)
        for key in 0..<MS_CONTENDED_HISTOGRAMS.rawValue {
            object.make("contention_histograms", key: key, words: 2 * Self.histogramWords)
        }
    }

    @Test("waits are read from the histogram of their lock and operation, on the CPU where they ended")
    func waits() throws {
        let key = SeriesKey(.writeWait, site: "umount")
        let index = try #require(TracepointPlan.histogram(key))
        for (word, value) in [(0, 2), (1, 30), (2, 20), (3 + 10, 1), (3 + HistogramLayout.bucket(of: 20), 1)]
            as [(
                Int, UInt64
            )]
        { object.set("contention_histograms", key: UInt32(index), word: Self.histogramWords + word, value) }
        object.set("contention_counts", word: Self.words + index, 2)
        object.set("contention_counts", word: Self.words - 1, 5)
        let probes = TracepointProbes(attached: object, possibleCPUs: 2)
        try probes.refresh()
        guard case .histograms(let found) = probes.value(key) else {
            Issue.record("no histograms")
            return
        }
        #expect(found[0] == .empty && found[1].count == 2 && found[1].sum == 30 && found[1].maximum == 20)
        #expect(probes.hits("contention_ends") == 5 && probes.hits("contention_begins") == 0)
        #expect(object.reads == ["contention_counts[0]", "contention_histograms[\(index)]"], "what grew")
        #expect(probes.value(SeriesKey(.writeHold)) == nil)
    }

    @Test("maps that can no longer be read are an error")
    func unreadable() {
        object.failures["contention_counts"] = -9
        let probes = TracepointProbes(attached: object, possibleCPUs: 2)
        #expect(throws: ProbeError.self) { try probes.refresh() }
    }
}
