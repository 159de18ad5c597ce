import Testing

@testable import Contention

/// Duration values around every edge, and a spread of others; the same on every run.
private func samples() -> [UInt64] {
    var values: [UInt64] = Array(0...300)
    for exponent in 3..<40 {
        for offset in -2...2 { values.append(UInt64(Int64(1) << Int64(exponent) + Int64(offset))) }
    }
    var state: UInt64 = 42
    for _ in 0..<20_000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        values.append((state >> 20) >> (state % 40))
    }
    let edge: UInt64 = 1 << 38
    values += [UInt64.max, UInt64.max - 1, edge, edge - 1]
    return values
}

@Suite struct HistogramLayoutTests {
    /// Found by walking all edges, without the arithmetic under test.
    private func bucketByWalking(_ value: UInt64) -> Int {
        var edges: [UInt64] = Array(0..<8)
        for exponent in 3..<38 { for part in 0..<8 { edges.append(UInt64(8 + part) << UInt64(exponent - 3)) } }
        return (edges.lastIndex { $0 <= value }) ?? 0
    }

    @Test("a bucket is the one whose edges hold the value")
    func aBucketIsTheOneWhoseEdgesHoldTheValue() {
        for value in samples() { #expect(HistogramLayout.bucket(of: value) == bucketByWalking(value), "\(value)") }
    }

    @Test("edges join without gap or overlap")
    func edgesJoinWithoutGapOrOverlap() {
        for bucket in 0..<HistogramLayout.bucketCount - 1 {
            #expect(HistogramLayout.upperEdge(of: bucket).map { $0 + 1 } == HistogramLayout.lowerEdge(of: bucket + 1))
            #expect(HistogramLayout.bucket(of: HistogramLayout.lowerEdge(of: bucket)) == bucket)
        }
        #expect(HistogramLayout.upperEdge(of: HistogramLayout.bucketCount - 1) == nil)
    }

    @Test("a bucket is at most an eighth of its lower edge wide")
    func aBucketIsAtMostAnEighthOfItsLowerEdgeWide() {
        for bucket in 8..<HistogramLayout.bucketCount - 1 {
            let lower = HistogramLayout.lowerEdge(of: bucket)
            let width = HistogramLayout.lowerEdge(of: bucket + 1) - lower
            #expect(width * 8 <= lower)
        }
    }

    @Test("the last bucket takes everything longer")
    func theLastBucketTakesEverythingLonger() {
        #expect(HistogramLayout.bucketCount == 288)
        #expect(HistogramLayout.bucket(of: 1 << 38) == 287)
        #expect(HistogramLayout.bucket(of: (1 << 38) - 1) == 287)
        #expect(HistogramLayout.bucket(of: .max) == 287)
    }
}

@Suite struct HistogramTests {
    private func histogram(_ values: some Sequence<UInt64>) -> Histogram {
        values.reduce(into: Histogram.empty) { $0.record($1) }
    }

    @Test("a percentile is never too low and at most an eighth too high")
    func aPercentileIsNeverTooLowAndAtMostAnEighthTooHigh() {
        let values = samples().filter { $0 < 1 << 38 }.sorted()
        let all = histogram(values)
        for permille in [1, 10, 250, 500, 900, 990, 999, 1000] {
            let rank = (values.count * permille + 999) / 1000
            let exact = values[max(1, rank) - 1]
            guard let found = all.percentile(Double(permille) / 1000) else {
                Issue.record("no percentile \(permille)")
                continue
            }
            #expect(found >= exact)
            #expect(found <= exact + exact / 8)
        }
    }

    @Test("a percentile is never above the longest")
    func aPercentileIsNeverAboveTheLongest() {
        #expect(histogram([1_000_003]).percentile(0.5) == 1_000_003)
        let longest = UInt64.max / 2
        #expect(histogram([longest]).percentile(0.99) == longest)
    }

    @Test("nothing has no percentile and no mean")
    func nothingHasNoPercentileAndNoMean() {
        #expect(Histogram.empty.percentile(0.5) == nil)
        #expect(Histogram.empty.mean == nil)
    }

    @Test("count, sum, maximum and mean are exact")
    func countSumMaximumAndMeanAreExact() {
        let some = histogram([3, 4, 1_000, 2_000_001])
        #expect(some.count == 4)
        #expect(some.sum == 2_001_008)
        #expect(some.maximum == 2_000_001)
        #expect(some.mean == 500_252)
    }

    @Test("merging is the same as recording together")
    func mergingIsTheSameAsRecordingTogether() {
        let values = samples().filter { $0 < 1 << 40 }
        let both = histogram(values.prefix(1000)).adding(histogram(values.dropFirst(1000)))
        #expect(both == histogram(values))
        #expect(both?.adding(.empty) == histogram(values))
        #expect(Histogram.empty.adding(histogram([7])) == histogram([7]))
    }

    @Test("durations whose sum or number 64 bits do not hold have no sum, and nothing traps")
    func tooManyToAdd() {
        var buckets = Array(repeating: UInt64(0), count: HistogramLayout.bucketCount)
        buckets[3] = .max
        let many = Histogram(count: .max, sum: 3, maximum: 3, buckets: buckets)
        #expect(many.adding(histogram([7])) == nil)
        let long = Histogram(count: 1, sum: .max, maximum: 3, buckets: buckets)
        #expect(long.adding(histogram([7])) == nil)
        let full = Histogram(count: 1, sum: 3, maximum: 3, buckets: buckets)
        #expect(full.adding(histogram([3])) == nil, "nor any bucket")
        for delta in [
            Delta.count(.max), .timed(TimedCount(count: 1, nanoseconds: .max)),
            .timed(TimedCount(count: .max, nanoseconds: 1)), .durations(many), .share(Share(part: 1, whole: .max)),
            .share(Share(part: 0, whole: 1, repeats: .max)),
        ] {
            #expect(delta.adding(delta) == nil && Delta.sum([delta, delta]) == nil, "\(delta)")
            #expect(Delta.sum([delta, delta.nothing]) == delta)
        }
        #expect(Delta.sum([.count(1), .timed(TimedCount(count: 1, nanoseconds: 1))]) == nil, "nor two kinds")
    }

    @Test("what came since is what was recorded since")
    func whatCameSinceIsWhatWasRecordedSince() {
        let before = histogram([100, 5_000])
        var now = before
        for value: UInt64 in [200, 300, 9_000] { now.record(value) }
        #expect(now.since(before) == histogram([200, 300, 9_000]))
        #expect(now.since(.empty) == now)
        #expect(now.since(now) == .empty)
    }

    @Test("a longest that is no record is the upper edge of its bucket")
    func aLongestThatIsNoRecordIsTheUpperEdgeOfItsBucket() {
        let before = histogram([1_000_000])
        var now = before
        now.record(1_000)
        // 1000 lies in 960...1023.
        #expect(now.since(before)?.maximum == 1_023)
        var close = histogram([1_000])
        let earlier = close
        close.record(970)
        #expect(close.since(earlier)?.maximum == 1_000)
    }

    @Test("a count ahead of its bucket does not make the longest nothing")
    func aCountAheadOfItsBucketDoesNotMakeTheLongestNothing() {
        let before = histogram([1_000])
        let torn = Histogram(count: 2, sum: 1_500, maximum: 1_000, buckets: before.buckets)
        #expect(torn.since(before)?.maximum == 1_000)
        #expect(torn.since(before)?.percentile(0.5) == nil)
    }

    @Test("a histogram that went back is unknown")
    func aHistogramThatWentBackIsUnknown() {
        let more = histogram([100, 200])
        let less = histogram([100])
        #expect(less.since(more) == nil)
        let otherBuckets = histogram([100, 100, 100_000])
        #expect(otherBuckets.since(more) == nil)
        let lessTime = histogram([1, 1, 1])
        #expect(lessTime.since(more) == nil)
    }
}
