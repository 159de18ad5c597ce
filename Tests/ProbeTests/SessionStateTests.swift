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
            sections: sections, unwatched: 0, runs: runs, online: [1, 0])
    }

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
        #expect(sections.value == .total(4711) && sections.mode == .exact && sections.lost == 0)
        #expect(state.reading(SeriesKey(.cpusOnline)).value == .levels([1, 0]))
        let process = state.reading(SeriesKey(.ownCost, site: "process"))
        guard case .timedTotal(let spent) = process.value else {
            Issue.record("the process has no cost: \(process.value)")
            return
        }
        #expect(spent.nanoseconds > 0 && process.mode == .exact)
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
