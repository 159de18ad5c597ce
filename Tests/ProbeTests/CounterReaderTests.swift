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
}
