import Testing

@testable import Contention

@Suite struct ShareTests {
    /// Golden values: scipy.stats.binomtest(part, whole).proportion_ci(method="wilson"), SciPy 1.17.
    private static let independent: [(part: UInt64, whole: UInt64, low: Double, high: Double)] = [
        (0, 20, 0, 0.16112515805281935), (20, 20, 0.8388748419471808, 1),
        (1, 10, 0.017876213095072896, 0.4041500267952385), (3, 50, 0.020614970348973957, 0.1621709168883817),
        (500, 1000, 0.4690696003681042, 0.5309303996318958), (33, 1000, 0.0235929279584269, 0.04598126446708158),
        (1, 100_000, 1.765247730378316e-06, 5.664709659040965e-05),
    ]

    @Test("independent samples have Wilson's interval", arguments: independent)
    func independentSamplesHaveWilsonsInterval(_ golden: (part: UInt64, whole: UInt64, low: Double, high: Double))
        throws
    {
        // As many repeats as chance gives.
        let repeats = golden.part * golden.part / golden.whole
        let interval = try #require(Share(part: golden.part, whole: golden.whole, repeats: repeats).interval95)
        expectEqual(interval, golden.low, golden.high)
    }

    @Test("samples that repel one another count as independent")
    func samplesThatRepelOneAnotherCountAsIndependent() throws {
        let interval = try #require(Share(part: 500, whole: 1000, repeats: 0).interval95)
        expectEqual(interval, 0.4690696003681042, 0.5309303996318958)
    }

    /// Golden values: statsmodels 0.15 proportion_confint(share * n, n, method="wilson") with n = whole (1 - r) / (1 + r), r
    /// being (repeats / part - share) / (1 - share): 0.6, 0.5926 and 0.4845.
    private static let dependent: [(share: Share, low: Double, high: Double)] = [
        (Share(part: 500, whole: 1000, repeats: 400), 0.43849126180890113, 0.5615087381910989),
        (Share(part: 33, whole: 1000, repeats: 20), 0.01710859660027642, 0.06271044184639873),
        (Share(part: 300, whole: 10_000, repeats: 150), 0.024824784856008406, 0.03621402559822616),
    ]

    @Test("samples that repeat one another are worth fewer", arguments: dependent)
    func samplesThatRepeatOneAnotherAreWorthFewer(_ golden: (share: Share, low: Double, high: Double)) throws {
        expectEqual(try #require(golden.share.interval95), golden.low, golden.high)
    }

    @Test("samples that only repeat one another are worth one")
    func samplesThatOnlyRepeatOneAnotherAreWorthOne() throws {
        let interval = try #require(Share(part: 500, whole: 1000, repeats: 500).interval95)
        // statsmodels 0.15 proportion_confint(0.5, 1, method="wilson")
        expectEqual(interval, 0.05462075552885198, 0.945379244471148)
    }

    @Test("what was not sampled has no interval, and nothing has no value")
    func whatWasNotSampledHasNoIntervalAndNothingHasNoValue() {
        #expect(Share(part: 3, whole: 4).interval95 == nil)
        #expect(Share(part: 3, whole: 4).value == 0.75)
        #expect(Share(part: 0, whole: 0, repeats: 0).value == nil)
        #expect(Share(part: 0, whole: 0, repeats: 0).interval95 == nil)
    }

    @Test("an interval holds its share and stays within 0 and 1")
    func anIntervalHoldsItsShareAndStaysWithinZeroAndOne() throws {
        for whole in [1, 2, 7, 100, 12_345] as [UInt64] {
            for part in Set([0, 1, whole / 3, whole / 2, whole - 1, whole]) {
                for repeats in Set([0, part / 2, part]) {
                    let share = Share(part: part, whole: whole, repeats: repeats)
                    let interval = try #require(share.interval95)
                    let value = try #require(share.value)
                    #expect(interval.lowerBound <= value && value <= interval.upperBound, "\(share)")
                    #expect(interval.lowerBound >= 0 && interval.upperBound <= 1, "\(share)")
                }
            }
        }
    }

    @Test("a difference knows its repeats only where both sides do, and never goes back")
    func aDifferenceKnowsItsRepeatsOnlyWhereBothSidesDoAndNeverGoesBack() {
        let earlier = Share(part: 2, whole: 10, repeats: 1)
        #expect(Share(part: 5, whole: 30, repeats: 2).since(earlier) == Share(part: 3, whole: 20, repeats: 1))
        #expect(Share(part: 5, whole: 30).since(earlier) == Share(part: 3, whole: 20))
        #expect(Share(part: 1, whole: 30, repeats: 2).since(earlier) == nil)
        #expect(Share(part: 5, whole: 9, repeats: 2).since(earlier) == nil)
        #expect(Share(part: 5, whole: 30, repeats: 0).since(earlier) == nil)
    }

    @Test("the machine's share is that of all its CPUs' samples, not the mean of their shares")
    func theMachinesShareIsThatOfAllItsCPUsSamplesNotTheMeanOfTheirShares() {
        let busy = Share(part: 90, whole: 100, repeats: 80)
        let idle = Share(part: 0, whole: 900, repeats: 0)
        #expect(busy.adding(idle) == Share(part: 90, whole: 1000, repeats: 80))
        #expect(Delta.sum([.share(busy), .share(idle)]) == .share(Share(part: 90, whole: 1000, repeats: 80)))
        #expect(Delta.sum([.share(busy), nil]) == nil)
        #expect(busy.adding(Share(part: 1, whole: 1)) == Share(part: 91, whole: 101))
    }

    private func expectEqual(
        _ interval: ClosedRange<Double>, _ low: Double, _ high: Double, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(abs(interval.lowerBound - low) < 1e-12, sourceLocation: location)
        #expect(abs(interval.upperBound - high) < 1e-12, sourceLocation: location)
    }
}
