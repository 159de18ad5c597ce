import Scales
import Testing

@Suite struct HeatScaleTests {
    @Test("the greatest is the last step, nothing is none, steps grow by the logarithm")
    func steps() throws {
        let scale = try #require(HeatScale([1, 10, 100, 1000, 12_000]))
        #expect(scale.step(12_000) == 8 && scale.step(0) == 0 && scale.step(1) >= 1)
        #expect((1...8).allSatisfy { scale.step(scale.upperEdge($0)) == $0 })
        #expect(abs(scale.upperEdge(8) - 12_000) < 1)
        #expect(scale.step(100_000) == 8)
    }

    @Test("one value, and values that are nearly alike, have a scale; nothing has none")
    func edges() throws {
        #expect(HeatScale([Double]()) == nil && HeatScale([0, 0]) == nil)
        #expect(try #require(HeatScale([5])).step(5) == 8)
        let close = try #require(HeatScale([100, 101]))
        #expect(close.step(100) == close.step(101))
        let wide = try #require(HeatScale([1e-3, 1e12]))
        #expect(wide.step(1e-3) == 1 && wide.step(1e12) == 8)
    }
}

@Suite struct DecadeScaleTests {
    @Test("powers of ten enclose the values")
    func decades() throws {
        let scale = try #require(DecadeScale([1_500, 2_000_000]))
        #expect(scale.edges == [1e3, 1e4, 1e5, 1e6, 1e7])
        #expect(scale.line(1_000, of: 9) == 0 && scale.line(1e7, of: 9) == 8 && scale.line(1e5, of: 9) == 4)
        #expect(DecadeScale([Double]()) == nil)
    }

    @Test("few of the powers are evenly spaced and begin with the least")
    func few() throws {
        let scale = try #require(DecadeScale([1, 1e7]))
        #expect(scale.edges(atMost: 5) == [1, 100, 1e4, 1e6])
        #expect(scale.edges(atMost: 100) == scale.edges)
        #expect(try #require(DecadeScale([5])).edges(atMost: 5) == [1, 10])
    }

    @Test("what lies outside is at the edge, and nothing at the lower one")
    func outside() throws {
        let scale = try #require(DecadeScale([10, 1000]))
        #expect(scale.position(0) == 0 && scale.position(1) == 0 && scale.position(1e9) == 1)
        #expect(abs(scale.position(100) - 0.5) < 1e-12)
    }

    @Test("rates below one have a scale where it is asked for")
    func belowOne() throws {
        let scale = try #require(DecadeScale([0.02, 3], from: -2))
        #expect(scale.edges.count == 4 && abs(scale.edges[0] - 0.01) < 1e-12 && scale.edges[3] == 10)
    }

    @Test("durations lie by their doublings, with the powers of ten between")
    func doublings() {
        let scale = DoublingScale(10...14)
        #expect(scale.position(1024) == 0 && scale.position(4096) == 0.5 && scale.position(1e9) == 1)
        #expect(scale.decades(atMost: 5) == [10_000])
        #expect(DoublingScale(0...30).decades(atMost: 5) == [1, 100, 1e4, 1e6, 1e8])
        #expect(DoublingScale(1...2).decades(atMost: 5) == [2])
    }
}

@Suite struct RoundAxisTests {
    @Test("an axis ends at a round number that no value passes")
    func ends() {
        #expect(RoundAxis(upTo: 293_648).ticks == [0, 100_000, 200_000, 300_000])
        #expect(RoundAxis(upTo: 0.013).end >= 0.013)
        #expect(RoundAxis(upTo: 0).ticks == [0])
        for value in [1e-9, 0.3, 1, 9.99, 10, 4_321, 1e12] {
            let axis = RoundAxis(upTo: value)
            #expect(axis.end >= value && axis.end < value * 2.01 && axis.ticks.count <= 6)
        }
    }
}

@Suite struct BinsTests {
    @Test("steps become bins that differ by one at most and leave none out")
    func even() {
        #expect(Bins.even(5, into: 3) == [0..<1, 1..<3, 3..<5])
        #expect(Bins.even(2, into: 24) == [0..<1, 1..<2])
        #expect(Bins.even(0, into: 3).isEmpty && Bins.even(3, into: 0).isEmpty)
    }

    @Test("CPUs become bins of one size but the last")
    func equal() {
        #expect(Bins.equal(5, into: 3) == [0..<2, 2..<4, 4..<5])
        #expect(Bins.equal(3, into: 8) == [0..<1, 1..<2, 2..<3])
        #expect(Bins.equal(0, into: 3).isEmpty)
    }

    @Test("what happened at all is higher than nothing")
    func bars() {
        let scale = BarScale(upTo: 1000, levels: 8)
        #expect(scale.level(0) == 0 && scale.level(0.001) == 1 && scale.level(1000) == 7 && scale.level(5000) == 7)
        #expect(BarScale(upTo: 0, levels: 8).level(0) == 0)
    }
}

@Suite struct ClockScaleTests {
    private let second: Int64 = 1_000_000_000

    @Test("ticks are round moments within the time, a handful of them")
    func ticks() {
        let start = 1_709_164_800 * second + second / 2
        let scale = ClockScale(from: start, over: 16_000_000_000, atMost: 5)
        #expect(scale.step == 5 * second)
        #expect(scale.ticks == [5, 10, 15].map { (1_709_164_800 + $0) * second })
        let hours = ClockScale(from: start, over: 79_200_000_000_000, atMost: 5)
        #expect(hours.step == 6 * 3600 * second && hours.ticks.count == 3)
    }

    @Test(
        "any length has few ticks, and none where the clock is impossible",
        arguments: [1, 999_999, 1_000_000_000, UInt64.max] as [UInt64])
    func lengths(_ elapsed: UInt64) {
        #expect(ClockScale(from: 0, over: elapsed, atMost: 5).ticks.count <= 6)
        #expect(ClockScale(from: .max - 1, over: elapsed, atMost: 5).ticks.count <= 6)
        #expect(ClockScale(from: -5, over: elapsed, atMost: 5).ticks.isEmpty)
    }
}

@Suite struct RatioScaleTests {
    @Test("half and twice lie as far from the middle, and the edges take what lies beyond")
    func positions() {
        let scale = RatioScale([0.5, 1.8, .infinity, 0])
        #expect(scale.position(1) == 0.5)
        #expect(abs(scale.position(0.5) + scale.position(2) - 1) < 1e-12)
        #expect(scale.position(0) == 0 && scale.position(.infinity) == 1)
        #expect(abs(scale.position(0.5) - (0.5 - 1 / 1.05 / 2)) < 1e-12)
        #expect(RatioScale([1000.0]).end == 64 && RatioScale([Double]()).position(1) == 0.5)
    }
}
