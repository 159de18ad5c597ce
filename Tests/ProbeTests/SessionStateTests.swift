import CProbe
import Contention
import Testing

@testable import Probe

/// Readings of a session that attached nothing: what needs no kernel.
@Suite("The state of a session") struct SessionStateTests {
    private let attachment: ProbeAttachment
    private var account = OwnAccount(prices: .assumed, budget: .standard)

    init() throws {
        attachment = try ProbeAttachment(
            HandMadeKernel().map(), AttachPlanTests.nothing, ProbeOptions(), possibleCPUs: 2)
    }

    private func state(sections: UInt64 = 7, runs: [OwnAccount.Program] = []) throws -> SessionState {
        SessionState(
            attachment: attachment, reader: CounterReader(programs: nil, possibleCPUs: 2), account: account,
            sections: sections, sequence: counter, unwatched: 0, runs: runs, online: [1, 0])
    }

    private var counter = SequenceCounter(first: 1000, at: 0)

    @Test("a kernel that takes no program has every series all the same, each with a value or a reason")
    func complete() throws {
        let state = try state()
        #expect(attachment.keys == SeriesKey.all.filter { $0.site != Metric.either }, "no function is known")
        for key in attachment.keys {
            let reading = state.reading(key)
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
        let state = try state(sections: 4711)
        let sections = state.reading(SeriesKey(.writeSections))
        #expect(sections.value == .total(counter.total) && sections.mode == .exact && sections.lost == 0)
        #expect(state.reading(SeriesKey(.cpusOnline)).value == .levels([1, 0]))
        let process = state.reading(SeriesKey(.ownCost, site: "process"))
        guard case .timedTotal(let spent) = process.value else {
            Issue.record("the process has no cost: \(process.value)")
            return
        }
        #expect(spent.nanoseconds > 0 && process.mode == .exact)
    }

    @Test("after a stop in which the sequence may have wrapped its series say so instead of a number")
    mutating func stopped() throws {
        let before = try state().reading(SeriesKey(.writeSections))
        _ = counter.sections(at: 2000, moment: 2 * SequenceCounter.longestGap)
        let reading = try state().reading(SeriesKey(.writeSections))
        guard case .unavailable(let reason) = reading.value else {
            Issue.record("\(reading.value)")
            return
        }
        #expect(reason == "mountscope did not run for 200 s: the sequence may have wrapped meanwhile")
        _ = counter.sections(at: 2002, moment: 2 * SequenceCounter.longestGap + 1)
        let later = try state().reading(SeriesKey(.writeSections))
        // The sum over the stop is not known either.
        #expect(difference(before, later, of: before.key)?.all == nil)
        _ = counter.sections(at: 2012, moment: 2 * SequenceCounter.longestGap + 2)
        let last = try state().reading(SeriesKey(.writeSections))
        #expect(difference(later, last, of: last.key)?.all == .count(5))
    }

    private func difference(_ one: SeriesReading, _ other: SeriesReading, of key: SeriesKey) -> SeriesInterval? {
        func snapshot(_ moment: UInt64, _ reading: SeriesReading) -> Snapshot {
            Snapshot(monotonic: moment, realtime: 0, possibleCPUs: 2, readings: [reading])
        }
        return Interval(sequence: 1, from: snapshot(1, one), to: snapshot(2, other))?[key]
    }

    @Test("without a probe there is no cost of probes, and no coverage")
    func nothingAttached() throws {
        let state = try state()
        #expect(
            state.reading(SeriesKey(.ownCost, site: "probes")).value == .unavailable(reason: "no probe is attached"))
        #expect(
            state.reading(SeriesKey(.writeCoverage)).value
                == .unavailable(reason: "write sections are not seen at their instructions"))
    }

    @Test("probes cost their runs, each at the price of its kind")
    func cost() throws {
        let runs = [
            OwnAccount.Program(name: "m_stop", isKprobe: true, hits: 3),
            OwnAccount.Program(name: "handle_dots", isKprobe: false, hits: 5),
        ]
        let reading = try state(runs: runs).reading(SeriesKey(.ownCost, site: "probes"))
        let expected = TimedCount(count: 8, nanoseconds: UInt64(3 * 500 + 5 * 60))
        #expect(reading.value == .timedTotal(expected) && reading.mode == .estimated)
    }

    @Test("nothing that was not attached runs, and closing it twice is no harm")
    func attachedNothing() throws {
        #expect(attachment.runs(CounterReader(programs: nil, possibleCPUs: 2)).isEmpty)
        #expect(attachment.programs == nil && attachment.sites == nil)
        attachment.detach("m_stop")
        attachment.detach("write_acquired")
        attachment.close()
        attachment.close()
    }
}
