import CProbe
import Contention
import Testing

@testable import Probe

@Suite("Counters and losses") struct CounterReaderTests {
    @Test("before anything is attached every CPU has counted nothing")
    func nothingAttached() throws {
        var reader = CounterReader(programs: nil, possibleCPUs: 2)
        try reader.refresh()
        #expect(reader.possibleCPUs > 0)
        let zeros = Array(repeating: UInt64(0), count: reader.possibleCPUs)
        #expect(reader.value(SeriesKey(.readRetries, site: "d_path")) == .counts(zeros))
        let none = Array(repeating: Histogram.empty, count: reader.possibleCPUs)
        #expect(reader.value(SeriesKey(.readHold, site: "mounts")) == .histograms(none))
    }

    @Test("what no program counts is unavailable, not 0")
    func unknown() throws {
        let reader = CounterReader(programs: nil, possibleCPUs: 2)
        #expect(reader.value(SeriesKey(.readRetries, site: "elsewhere")) == .unavailable(reason: "no such site"))
        #expect(reader.value(SeriesKey(.writeSections)) == .unavailable(reason: "no program counts it"))
    }

    @Test("a CPU's histogram is taken over bucket by bucket")
    func histogram() {
        var raw = ms_histogram()
        #expect(Histogram(raw) == .empty)
        raw.count = 3
        raw.sum_ns = 1030
        raw.max_ns = 1000
        withUnsafeMutableBytes(of: &raw.buckets) { bytes in
            let buckets = bytes.bindMemory(to: UInt64.self)
            buckets[HistogramLayout.bucket(of: 15)] = 2
            buckets[HistogramLayout.bucket(of: 1000)] = 1
        }
        var expected = Histogram.empty
        for duration in [15, 15, 1000] as [UInt64] { expected.record(duration) }
        #expect(Histogram(raw) == expected)
    }

    @Test("losses are unavailable where nothing is attached that could lose")
    func nothingToLose() throws {
        let losses = try losses(AttachPlanTests.nothing)
        for cause in LossCause.allCases {
            let reading = losses.reading(SeriesKey(.lostEvents, site: cause.rawValue))
            #expect(reading.mode == .unavailable && reading.lost == nil)
            guard case .unavailable(let reason) = reading.value else {
                Issue.record("\(cause) has a value")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test("losses that the kernel does not count are unknown; those that the programs count are known")
    func uncounted() throws {
        let losses = try losses(AttachPlanTests.everything)
        #expect(value(losses, .recursion) == .unavailable(reason: "kernels before 5.12 do not count them"))
        #expect(value(losses, .missedKprobe) == .unavailable(reason: "kernels before 6.7 do not count them"))
        #expect(value(losses, .unmatched) == .total(0))
        #expect(value(losses, .mapFull) == .total(0))
    }

    @Test("samples that were missed are known where samples are taken, whatever else is attached")
    func missedSamples() throws {
        for facilities in [AttachPlanTests.everything, AttachPlanTests.nothing] {
            let key = SeriesKey(.lostEvents, site: "missed_sample")
            let known = try losses(facilities, missedSamples: 421).reading(key)
            #expect(known.value == .total(421) && known.mode == .estimated && known.lost == 0)
            let unknown = try losses(facilities).reading(key)
            #expect(unknown.value == .unavailable(reason: "nothing is sampled") && unknown.mode == .unavailable)
        }
    }

    @Test("samples that were missed are no lost events of a series")
    func missedSamplesOfNoSeries() throws {
        let losses = try losses(AttachPlanTests.everything, missedSamples: 421)
        for key in SeriesKey.all where key.metric.subject != .mountscope {
            #expect(losses.lost(key, []) == 0, "\(key)")
        }
    }

    private func losses(_ facilities: Facilities, missedSamples: UInt64? = nil) throws -> LossReader {
        let plan = AttachPlan(HandMadeKernel().map(), facilities)
        return LossReader(
            plan: plan, programs: nil, reader: CounterReader(programs: nil, possibleCPUs: 2), sites: nil,
            missedSamples: missedSamples)
    }

    private func value(_ losses: LossReader, _ cause: LossCause) -> ReadingValue {
        losses.reading(SeriesKey(.lostEvents, site: cause.rawValue)).value
    }
}
