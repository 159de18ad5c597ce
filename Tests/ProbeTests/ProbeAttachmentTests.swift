import CProbe
import Contention
import Testing

@testable import Probe

/// The readings of a kernel that takes no program: what needs none.
@Suite("An attachment to a kernel that takes nothing") final class ProbeAttachmentTests {
    private var word: UInt32 = 1000
    private var attachment: ProbeAttachment?

    private func attach() throws -> ProbeAttachment {
        if let attachment { return attachment }
        let suppliers = SupplierCatalogue.suppliers(
            HandMadeKernel().map(), AttachPlanTests.nothing, ProbeOptions(), possibleCPUs: 2
        ) { [unowned self] in word }
        let made = try ProbeAttachment(suppliers, ProbeOptions(), possibleCPUs: 2)
        for supplier in suppliers { try supplier.begin(.assumed) }
        attachment = made
        return made
    }

    private func readings() throws -> [SeriesReading] {
        let attachment = try attach()
        try attachment.refresh(ReadingMoment(online: [1, 0]))
        return attachment.readings(without: [:])
    }

    private func reading(_ key: SeriesKey) throws -> SeriesReading {
        try #require(try readings().first { $0.key == key })
    }

    @Test("it has every series all the same, each with a value or a reason")
    func complete() throws {
        let keys = try attach().keys
        #expect(keys == SeriesKey.all.filter { $0.site != Metric.either }, "no function is known")
        for (key, reading) in zip(keys, try readings()) {
            #expect(reading.key == key)
            guard case .unavailable(let reason) = reading.value else {
                #expect(reading.mode != .unavailable, "\(key)")
                continue
            }
            #expect(reading.mode == .unavailable && reading.lost == nil && !reason.isEmpty, "\(key)")
        }
    }

    @Test("what needs no program is known")
    func known() throws {
        let before = try reading(SeriesKey(.writeSections))
        word += 2 * 4711
        let sections = try reading(SeriesKey(.writeSections))
        #expect(difference(before, sections)?.all == .count(4711) && sections.mode == .exact && sections.lost == 0)
        #expect(try reading(SeriesKey(.cpusOnline)).value == .levels([1, 0]))
        let process = try reading(SeriesKey(.ownCost, site: "process"))
        guard case .timedTotal(let spent) = process.value else {
            Issue.record("the process has no cost: \(process.value)")
            return
        }
        #expect(spent.nanoseconds > 0 && spent.count == 3 && process.mode == .exact, "three snapshots before")
    }

    private func difference(_ one: SeriesReading, _ other: SeriesReading) -> SeriesInterval? {
        func snapshot(_ moment: UInt64, _ reading: SeriesReading) -> Snapshot {
            Snapshot(monotonic: moment, realtime: 0, possibleCPUs: 2, readings: [reading])
        }
        return Interval(sequence: 1, from: snapshot(1, one), to: snapshot(2, other))?[one.key]
    }

    @Test("without a probe there is no cost of probes, and no coverage")
    func nothingAttached() throws {
        #expect(
            try reading(SeriesKey(.ownCost, site: "probes")).value == .unavailable(reason: "no probe is attached"))
        #expect(
            try reading(SeriesKey(.writeCoverage)).value
                == .unavailable(reason: "write sections are not seen at their instructions"))
    }

    @Test("nothing that was not attached runs, and closing it twice is no harm")
    func attachedNothing() throws {
        let attachment = try attach()
        #expect(attachment.programs.isEmpty && attachment.summary == "no probe")
        try attachment.withdraw(["m_stop", "write_acquired"])
        attachment.close()
        attachment.close()
    }
}

@Suite("Write sections by the sequence") struct SequenceSupplierTests {
    @Test(
        "after a stop in which the sequence may have wrapped its series says so instead of a number, and so does the sum"
    )
    func stopped() throws {
        var counter = SequenceCounter(first: 1000, at: 0)
        let before = counter.total
        _ = counter.sections(at: 2000, moment: 2 * SequenceCounter.longestGap)
        #expect(counter.gap == "mountscope did not run for 200 s: the sequence may have wrapped meanwhile")
        _ = counter.sections(at: 2002, moment: 2 * SequenceCounter.longestGap + 1)
        #expect(counter.gap == nil && counter.lasting != nil)
        // The sum over the stop is not known either: the counter went back.
        let later = counter.total
        #expect(later < before)
        _ = counter.sections(at: 2012, moment: 2 * SequenceCounter.longestGap + 2)
        #expect(counter.total - later == 5)
    }
}

@Suite("What runs of programs cost") struct OwnCostSupplierTests {
    /// Something whose programs have run.
    private final class Runner: SeriesSupplier {
        let programs: [AttachedProgram]
        init(_ programs: [AttachedProgram]) { self.programs = programs }
        func offer(_ key: SeriesKey) -> Offer? { nil }
        func refresh(_ moment: ReadingMoment) {}
        func value(_ key: SeriesKey) -> ReadingValue { .unavailable(reason: "has none") }
    }

    @Test("probes cost their runs, each at the price of its kind, and the sampler its samples")
    func cost() throws {
        let runner = Runner([
            AttachedProgram(name: "m_stop", kind: .kprobe, hits: 3),
            AttachedProgram(name: "handle_dots", kind: .tracing, hits: 5),
            AttachedProgram(name: "take_sample", kind: .timer(price: 2000), hits: 7),
        ])
        let supplier = OwnCostSupplier(of: [runner])
        let key = SeriesKey(.ownCost, site: "probes")
        let expected = TimedCount(count: 8, nanoseconds: UInt64(3 * 500 + 5 * 60))
        #expect(supplier.value(key) == .timedTotal(expected) && supplier.offer(key)?.mode == .estimated)
        let samples = TimedCount(count: 7, nanoseconds: 14_000)
        #expect(supplier.value(SeriesKey(.ownCost, site: "sampler")) == .timedTotal(samples))
        #expect(OwnCostSupplier(of: []).value(key) == .unavailable(reason: "no probe is attached"))
    }
}

@Suite("The best way to a series") struct OfferChoiceTests {
    private func offer(_ mode: Mode) -> Offer { Offer(mode: mode, programs: [], reason: mode.rawValue) }

    @Test("what counts every event comes before a stand-in, and both before samples, whatever the preference")
    func modes() {
        let order: [Mode] = [.exact, .estimated, .sampled, .unavailable]
        for (place, better) in order.enumerated() {
            for worse in order[(place + 1)...] {
                #expect(OfferChoice.best([offer(better), offer(worse)]) == 0)
                #expect(OfferChoice.best([offer(worse), nil, offer(better)]) == 2)
            }
        }
    }

    @Test(
        "of equally good ways the preferred one is taken, and its reason where none is to be had",
        arguments: Mode.allCases)
    func equals(mode: Mode) { #expect(OfferChoice.best([nil, offer(mode), offer(mode)]) == 1) }

    @Test("what nobody knows of has no way")
    func nobody() {
        #expect(OfferChoice.best([nil, nil]) == nil)
        #expect(OfferChoice.best([]) == nil)
    }
}
