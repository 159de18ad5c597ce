import CProbe
import Contention
import Testing

@testable import Probe

/// Counts of programs on instructions, as two CPUs left them in the maps.
@Suite("What programs on instructions counted") struct LockSiteReaderTests {
    static let cpus = 2
    static let wordsPerCPU = MemoryLayout<ms_site_counts>.stride / 8
    private static let histogramWords = MemoryLayout<ms_histogram>.stride / 8

    static func site(_ program: LockSite.Program, _ address: UInt64, in function: String) -> LockSite {
        LockSite(program: program, address: address, function: function, offset: 8)
    }

    static let plan = LockSitePlan([
        site(.writeAcquired, 0x100, in: "attach_mnt"), site(.writeAcquired, 0x200, in: "umount_tree"),
        site(.exclusiveAcquired, 0x300, in: "prepend_path"), site(.readerPaused, 0x400, in: "path_init"),
        site(.semaphoreRequested, 0x500, in: "do_mount"),
    ])

    static func emptyObject() -> CountedObject {
        let object = CountedObject()
        object.make("site_counts", words: cpus * wordsPerCPU)
        for key in 0..<MS_SITE_HISTOGRAMS.rawValue {
            object.make("site_histograms", key: key, words: cpus * histogramWords)
        }
        return object
    }

    private let object = Self.emptyObject()

    private func count(_ cpu: Int, _ word: Int, _ value: UInt64) {
        object.set("site_counts", word: cpu * Self.wordsPerCPU + word, value)
    }

    /// One duration on a CPU, in the histogram and in the word that tells of it.
    private func record(_ cpu: Int, _ histogram: Int, _ nanoseconds: UInt64) {
        let first = cpu * Self.histogramWords
        for (word, value) in [
            (0, 1), (1, nanoseconds), (2, nanoseconds), (3 + HistogramLayout.bucket(of: nanoseconds), 1),
        ] as [(Int, UInt64)] { object.set("site_histograms", key: UInt32(histogram), word: first + word, value) }
        count(cpu, Int(MS_SITE_SLOTS) + histogram, 1)
    }

    private func reader() throws -> LockSiteReader {
        var reader = LockSiteReader(object: object, plan: Self.plan, possibleCPUs: Self.cpus)
        try reader.refresh()
        return reader
    }

    @Test("a function's events are those of its slot, on the CPU that counted them")
    func slots() throws {
        let slot = try #require(Self.plan.slot(.writeAcquired, "umount_tree"))
        count(0, slot, 3)
        count(1, slot, 5)
        let reader = try reader()
        #expect(reader.value(SeriesKey(.writeAcquires, site: "umount_tree")) == .counts([3, 5]))
        #expect(reader.value(SeriesKey(.writeAcquires, site: "attach_mnt")) == .counts([0, 0]))
        #expect(reader.value(SeriesKey(.writeAcquires, site: "elsewhere")) == nil)
        #expect(reader.writeAcquires == 8)
    }

    @Test("spins have three slots: episodes, turns, and their time beside the episodes")
    func spins() throws {
        let first = try #require(Self.plan.slot(.readerPaused, "path_init"))
        for (part, value) in [(MS_SPIN_EPISODES, 7), (MS_SPIN_ITERATIONS, 900), (MS_SPIN_TIME, 12_345)]
            as [(
                ms_spin_slot, UInt64
            )]
        { count(1, first + Int(part.rawValue), value) }
        let reader = try reader()
        #expect(reader.value(SeriesKey(.readerSpins, site: "path_init")) == .counts([0, 7]))
        #expect(reader.value(SeriesKey(.spinIterations, site: "path_init")) == .counts([0, 900]))
        #expect(
            reader.value(SeriesKey(.spinTime, site: "path_init"))
                == .timedCounts([
                    TimedCount(count: 0, nanoseconds: 0), TimedCount(count: 7, nanoseconds: 12_345),
                ]))
    }

    @Test("durations are read where one was recorded, and only there")
    func histograms() throws {
        let key = SeriesKey(.semaphoreWriteHold, site: "umount")
        let index = try #require(LockSiteReader.histogram(key))
        record(1, index, 1000)
        var reader = LockSiteReader(object: object, plan: Self.plan, possibleCPUs: Self.cpus)
        try reader.refresh()
        var expected = Histogram.empty
        expected.record(1000)
        #expect(reader.value(key) == .histograms([.empty, expected]))
        #expect(object.reads == ["site_counts[0]", "site_histograms[\(index)]"])
        object.forgetReads()
        try reader.refresh()
        #expect(object.reads == ["site_counts[0]"], "nothing has grown")
    }

    @Test("losses and runs come from the words behind the counts")
    func lossesAndRuns() throws {
        let lost = Int(MS_SITE_SLOTS) + Int(MS_SITE_HISTOGRAM_ROOM)
        for (loss, value) in [(MS_SITE_LOCK_UNMATCHED, 2), (MS_SITE_SPIN_IMPOSSIBLE, 9)] as [(ms_site_loss, UInt64)] {
            count(0, lost + Int(loss.rawValue), value)
            count(1, lost + Int(loss.rawValue), 1)
        }
        let hits = lost + Int(MS_SITE_LOSSES.rawValue)
        count(0, hits + Int(MS_PROGRAM_SEMAPHORE_RELEASED.rawValue), 11)
        count(1, hits + Int(MS_SITE_PROGRAMS.rawValue) + Int(MS_PROGRAM_CALL_WAIT_ENDS.rawValue), 13)
        let reader = try reader()
        #expect(reader.lost(MS_SITE_LOCK_UNMATCHED) == 3 && reader.lost(MS_SITE_SPIN_IMPOSSIBLE) == 10)
        #expect(reader.lost(MS_SITE_TURNS_FULL) == 0)
        #expect(reader.hits(.semaphoreReleased) == 11 && reader.hits(.writeAcquired) == 0)
        #expect(reader.hits(CallProgram.waitEnds) == 13 && reader.hits(CallProgram.entered) == 0)
    }

    @Test(
        "maps that can no longer be read are an error, not old numbers", arguments: ["site_counts", "site_histograms"])
    func unreadable(map: String) {
        record(0, 0, 5)
        object.failures[map] = -9
        var reader = LockSiteReader(object: object, plan: Self.plan, possibleCPUs: Self.cpus)
        #expect(throws: ProbeError.self) { try reader.refresh() }
    }

    @Test("functions that find no room in the table of counts are not watched, and say so; the others are right")
    func noRoom() throws {
        let many = (0..<600).map { index in
            Self.site(.writeAcquired, 0x1000 + UInt64(index), in: "writer_\(1000 + index)")
        }
        let plan = LockSitePlan(many + [Self.site(.readerPaused, 0x9000, in: "path_init")])
        #expect(plan.attached.count == Int(MS_SITE_SLOTS))
        #expect(plan.slot(.writeAcquired, "writer_1511") == 511)
        #expect(plan.slot(.writeAcquired, "writer_1512") == nil && plan.slot(.readerPaused, "path_init") == nil)
        #expect(plan.blindWriters.count == 600 - Int(MS_SITE_SLOTS))
        let series = LockSiteSeries(plan: plan, refusal: nil, operationRefusal: nil)
        #expect(series.offer(SeriesKey(.writeAcquires, site: "writer_1511")).mode == .exact)
        let beyond = series.offer(SeriesKey(.writeAcquires, site: "writer_1512"))
        #expect(beyond.mode == .unavailable && beyond.reason == LockSitePlan.noRoom)
        #expect(series.offer(SeriesKey(.spinTime, site: "path_init")).reason.contains(LockSitePlan.noRoom))
        // What lies behind the slots is the number of durations recorded, and nobody's count.
        count(0, 512, 77)
        var reader = LockSiteReader(object: object, plan: plan, possibleCPUs: Self.cpus)
        try reader.refresh()
        #expect(reader.value(SeriesKey(.writeAcquires, site: "writer_1512")) == nil)
        #expect(reader.writeAcquires == 0)
    }
}
