import CProbe
import Contention
import Testing

@testable import Probe

/// Something that has only losses.
private final class Loser: SeriesSupplier {
    var counts: [LossCause: LossCount] = [:]

    func offer(_ key: SeriesKey) -> Offer? { nil }
    func refresh(_ moment: ReadingMoment) {}
    func value(_ key: SeriesKey) -> ReadingValue { .unavailable(reason: "has none") }
    func lost(_ cause: LossCause) -> LossCount { counts[cause] ?? .none }
}

private func value(_ suppliers: [any SeriesSupplier], _ cause: LossCause) -> ReadingValue {
    LossSupplier(of: suppliers).value(SeriesKey(.lostEvents, site: cause.rawValue))
}

@Suite("Lost events, by cause") struct LossSupplierTests {
    @Test("losses are unavailable where nothing is attached that could lose", arguments: LossCause.allCases)
    func nothingToLose(cause: LossCause) {
        guard case .unavailable(let reason) = value([Loser()], cause) else {
            Issue.record("\(cause) has a value")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("what the kernel does not count is unknown, and says so; what others count is added up")
    func uncounted() {
        let (one, other) = (Loser(), Loser())
        one.counts = [.recursion: .uncounted, .missedKprobe: .uncounted]
        #expect(
            value([one, other], .recursion)
                == .unavailable(reason: "kernels before 5.12 do not count them, before 6.7 not those of kprobes"))
        #expect(value([one, other], .missedKprobe) == .unavailable(reason: "kernels before 6.7 do not count them"))
        other.counts = [.recursion: .count(3), .unmatched: .count(4)]
        #expect(value([one, other, other], .recursion) == .total(6))
        #expect(value([one, other], .unmatched) == .total(4))
    }

    @Test("samples that were missed are estimated: an interrupt may be under way")
    func missedSamples() {
        let sampler = Loser()
        sampler.counts = [.missedSample: .count(421)]
        let supplier = LossSupplier(of: [sampler])
        let key = SeriesKey(.lostEvents, site: "missed_sample")
        #expect(
            supplier.value(key) == .total(421) && supplier.offer(key)?.mode == .estimated && supplier.lost(key) == 0)
        #expect(supplier.offer(SeriesKey(.lostEvents, site: "unmatched"))?.mode == .exact)
        #expect(supplier.offer(SeriesKey(.ownCost, site: "process")) == nil)
    }
}

@Suite("Losses of rows by actor") struct ActorLossTests {
    @Test("each table's is told by its cause; none where nothing is counted by actor")
    func causes() throws {
        let object = CountedObject()
        object.make("actor_losses", words: 3)
        for word in 0..<3 { object.set("actor_losses", word: word, 1 << UInt64(word)) }
        let supplier = ActorLossSupplier(object)
        #expect(supplier.lost(.scanFull) == .none)
        try supplier.refresh(ReadingMoment(online: [1]))
        #expect(supplier.lost(.scanFull) == .count(1))
        #expect(supplier.lost(.nameFull) == .count(2))
        #expect(supplier.lost(.blameFull) == .count(4))
        #expect(supplier.lost(.mapFull) == .none)
        let without = ActorLossSupplier(nil)
        try without.refresh(ReadingMoment(online: [1]))
        for cause in LossCause.allCases { #expect(without.lost(cause) == .none) }
    }
}

@Suite("What programs missed") struct ProgramLossTests {
    @Test("a kprobe's own recursion is known where the kernel tells what kprobes missed")
    func recursionOfKprobes() {
        func losses(missed: UInt64?, kprobes: [String]) -> ProgramLosses {
            var losses = ProgramLosses(
                .init(
                    programs: ["a", "b"], kprobes: kprobes, recursionMisses: { _ in 3 }, missedKprobes: { _ in missed })
            )
            losses.refresh()
            return losses
        }
        #expect(losses(missed: nil, kprobes: ["a", "b"]).lost(.recursion) == .uncounted)
        #expect(losses(missed: nil, kprobes: ["b"]).lost(.recursion) == .uncounted, "those of one are not known")
        #expect(losses(missed: nil, kprobes: []).lost(.recursion) == .count(6))
        #expect(losses(missed: 0, kprobes: ["b"]).lost(.recursion) == .count(6))
        #expect(losses(missed: 5, kprobes: ["b"]).lost(.missedKprobe) == .count(5))
        #expect(losses(missed: nil, kprobes: ["b"]).lost(["a", "b"]) == 3)
    }
}

@Suite("Losses of programs on functions") struct FunctionLossTests {
    private func supplier(_ facilities: Facilities) -> FunctionSupplier {
        let kernel = HandMadeKernel().map()
        let plan = AttachPlan(kernel, facilities, rules: AttachRule.ofFunctions)
        let attacher = Attacher(kernel: kernel, facilities: facilities, choice: .auto, possibleCPUs: 2)
        return FunctionSupplier(plan, attached: nil, by: attacher)
    }

    @Test("a plan without programs loses nothing, one with programs what it counts itself and what the kernel counts")
    func counted() {
        let nothing = supplier(AttachPlanTests.nothing)
        for cause in LossCause.allCases { #expect(nothing.lost(cause) == .none, "\(cause)") }
        let everything = supplier(AttachPlanTests.everything)
        #expect(everything.lost(.recursion) == .uncounted && everything.lost(.missedKprobe) == .uncounted)
        for cause in [LossCause.unmatched, .mapFull, .impossible] { #expect(everything.lost(cause) == .count(0)) }
        #expect(everything.lost(.missedSample) == .none)
    }
}

/// Each cause with a number of its own, so that a mix-up of two would show.
@Suite("Losses of programs on instructions and of tracepoints") struct SiteLossTests {
    private let sites = LockSiteReaderTests.emptyObject()
    private let waits = CountedObject()
    private static let waitWords = MemoryLayout<ms_contention_counts>.stride / 8
    private static let moment = ReadingMoment(online: [1, 1])

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

    private func siteSupplier() throws -> LockSiteSupplier {
        let probes = LockSiteProbes(LockSiteReaderTests.plan, attached: sites, possibleCPUs: 2)
        let series = LockSiteSeries(plan: LockSiteReaderTests.plan, refusal: nil, operationRefusal: nil)
        let supplier = LockSiteSupplier(series, probes, kernel: HandMadeKernel().map(), possibleCPUs: 2)
        try supplier.refresh(Self.moment)
        return supplier
    }

    private func waitSupplier() throws -> TracepointSupplier {
        let kernel = HandMadeKernel().map()
        let plan = TracepointPlan(kernel, AttachPlanTests.everything, choice: .auto) { _ in nil }
        let supplier = TracepointSupplier(plan, TracepointProbes(attached: waits, possibleCPUs: 2), kernel: kernel)
        try supplier.refresh(Self.moment)
        return supplier
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
        let (sites, waits) = (try siteSupplier(), try waitSupplier())
        for (cause, ofSites, ofWaits) in rows {
            #expect(value([sites], cause) == .total(ofSites), "\(cause)")
            #expect(value([sites, waits], cause) == .total(ofSites + ofWaits), "\(cause)")
        }
        let all = (1 << UInt64(MS_SITE_LOSSES.rawValue)) - 1
        #expect(rows.reduce(0) { $0 + $1.1 } == all, "none is forgotten")
        #expect(rows.reduce(0) { $0 + $1.2 } == 1000 * ((1 << UInt64(MS_CONTENTION_LOSSES.rawValue)) - 1))
    }

    @Test("a series bears the losses of its own lock and kind, and no other's")
    func series() throws {
        let sites = try siteSupplier()
        func lost(_ metric: Metric, _ site: String = "") -> UInt64 {
            let key = SeriesKey(metric, site: site)
            return sites.lost(key, LockSiteSeries.programs(key).map(\.rawValue))
        }
        #expect(lost(.writeAcquires, "attach_mnt") == 0)
        #expect(lost(.writeHold) == Self.of(MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE))
        #expect(lost(.readerSpins, "path_init") == Self.of(MS_SITE_SPINNERS_FULL))
        #expect(lost(.spinTime, "path_init") == Self.of(MS_SITE_SPINNERS_FULL, MS_SITE_SPIN_IMPOSSIBLE))
        #expect(
            lost(.semaphoreWriteHold, "umount")
                == Self.of(MS_SITE_SEMAPHORE_UNMATCHED, MS_SITE_TURNS_FULL, MS_SITE_SEMAPHORE_IMPOSSIBLE))
    }

    @Test("what a metric can lose is what its row says", arguments: LockSiteSeries.metrics)
    func rows(metric: Metric) {
        let ofPrograms = metric.row.losses.subtracting(LossCause.ofCounts)
        let causes = LossCause.allCases.filter { cause in
            LockSiteLosses.of(metric).contains { LockSiteLosses.of(cause).contains($0) }
        }
        #expect(Set(causes).isSubset(of: ofPrograms))
    }

    @Test("a series bears what the kernel skipped of its own programs, also behind probes that are gone")
    func skipped() throws {
        let programs = Set(LockSiteReaderTests.plan.attached.map(\.program.rawValue))
        for program in programs { (sites.recursion[program], sites.missed[program]) = (0, 0) }
        sites.recursion["write_acquired"] = 10_000
        sites.recursion["write_left"] = 20_000
        sites.recursion["reader_paused"] = 40_000
        sites.missed["write_acquired"] = 100_000
        let supplier = try siteSupplier()
        let key = SeriesKey(.writeAcquires, site: "attach_mnt")
        #expect(supplier.lost(key, ["write_acquired"]) == 110_000)
        #expect(value([supplier], .recursion) == .total(50_000), "of those that are attached")
        #expect(value([supplier], .missedKprobe) == .total(100_000))
        sites.missed["write_acquired"] = 0
        try supplier.refresh(Self.moment)
        #expect(value([supplier], .missedKprobe) == .total(100_000))
    }

    @Test("waits that tracepoints lost are borne by the lock they were for")
    func waitsOfTracepoints() throws {
        let waits = try waitSupplier()
        #expect(
            waits.lost(SeriesKey(.lockWait, site: Metric.either))
                == Self.of(
                    MS_CONTENTION_LOCK_FULL, MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_LOCK_IMPOSSIBLE))
        #expect(
            waits.lost(SeriesKey(.writeWait, site: "mount"))
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
