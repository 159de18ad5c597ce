/// What a comparison says about one measure.
public enum Verdict: String, Sendable {
    /// Shown to be less than the baseline.
    case less
    /// Shown to be more than the baseline.
    case more
    /// No difference is shown; there may be one all the same.
    case nothingShown = "~"
    /// Too few runs to tell, or a mean, which is told beside its number and total.
    case untested = ""
}

/// One measure of a group beside the baseline's.
public struct ComparedRow: Sendable {
    public let measure: Measure
    /// The kind of operations it is divided by, where the sides did several in other proportions; nil for all of them.
    public let kind: String?
    /// One value for each run.
    public let base: [Double]
    public let new: [Double]
    /// The medians.
    public let baseMedian: Double
    public let newMedian: Double
    /// Hodges-Lehmann, in the measure's unit.
    public let shift: Double
    /// New over base, Hodges-Lehmann; nil where it rose from nothing, or there is no ratio.
    public let ratio: Double?
    /// The 95 % interval of the ratio: what the rank-sum test does not reject; nil with too few runs. Its upper end is
    /// infinite where any rise is possible.
    public let interval: RankInterval?
    /// Two-sided, of this test alone; nil without a test.
    public let rawP: Double?
    /// Corrected for all tests of the side (Holm); nil without a test.
    public let p: Double?
    public let verdict: Verdict
    /// Whether the ratio is shown to lie within the margin that was asked for; nil where none was, or nothing is tested.
    public let isSame: Bool?
    /// The least ratio that four of five comparisons of so many such runs would show; nil where it is not known.
    public let detectable: Double?
    /// The largest share of the measure's events that any run knows to have lost; nil where some run cannot know.
    public let lostShare: Double?
    /// Sites that are no part of it, because not every run knows them alike.
    public let without: [Omission]
    /// Whether it counts in a gate: more is worse.
    public let isGated: Bool

    /// Whether it is shown to be worse, by more than this share.
    public func isRegression(beyond limit: Double) -> Bool {
        isGated && verdict == .more && (ratio.map { $0 > 1 + limit } ?? true)
    }

    /// Whether the means of the runs moved the other way than the runs did: a few runs hold most of it.
    public var isContradictedByMeans: Bool {
        let means = [base, new].map { $0.reduce(0, +) / Double(max(1, $0.count)) }
        return verdict == .more && means[1] < means[0] || verdict == .less && means[1] > means[0]
    }
}

/// A measure of both sides on its way to a row.
struct Sample {
    let rule: MeasureRule
    let reading: MeasureReading
    let isTested: Bool
    private let baseRuns: Int
    private let tests: [Test]

    /// One way to divide the measure.
    private struct Test {
        let alternative: MeasureReading.Alternative
        let base: [Double]
        let new: [Double]
        let ranks: MannWhitney?
        let ratio: Double?

        var rises: Bool { (ranks?.u ?? 0) * 2 > Double(base.count * new.count) }
        var falls: Bool { (ranks?.u ?? 0) * 2 < Double(base.count * new.count) }
        /// How far from 1 the ratio is; infinite where there is none.
        var distance: Double {
            guard let ratio, ratio > 0, ratio < .infinity else { return .infinity }
            return max(ratio, 1 / ratio)
        }
    }

    init(_ rule: MeasureRule, _ reading: MeasureReading, baseRuns: Int, isTested: Bool) {
        self.rule = rule
        self.reading = reading
        self.baseRuns = baseRuns
        self.isTested = isTested
        tests = reading.alternatives.map { one in
            let (base, new) = (Array(one.values[..<baseRuns]), Array(one.values[baseRuns...]))
            return Test(
                alternative: one, base: base, new: new, ranks: MannWhitney(base, new),
                ratio: HodgesLehmann.ratio(from: base, to: new))
        }
    }

    var isSilent: Bool { reading.alternatives.allSatisfy { $0.values.allSatisfy { $0 == 0 } } }

    /// The same in all runs, so that no dealing of the runs could show anything.
    var isConstant: Bool { reading.alternatives.allSatisfy { one in one.values.allSatisfy { $0 == one.values[0] } } }

    /// Of several ways to divide it a difference is shown only where each of them shows it, the same way (Berger's
    /// intersection-union test, Technometrics 24, 1982): whichever operations caused the events, it is one.
    var rawP: Double {
        guard tests.allSatisfy(\.rises) || tests.allSatisfy(\.falls) else { return 1 }
        return tests.map { $0.ranks?.p ?? 1 }.max() ?? 1
    }

    /// Two one-sided tests (Schuirmann 1987): how likely runs so much alike are where the ratio is outside of the margin.
    func sameP(within margin: Double) -> Double {
        tests.map { test in
            let low = MannWhitney(test.base.map { $0 / (1 + margin) }, test.new)?.upperP ?? 1
            let high = MannWhitney(test.base.map { $0 * (1 + margin) }, test.new)?.lowerP ?? 1
            return max(low, high)
        }.max() ?? 1
    }

    func row(_ p: (raw: Double, corrected: Double)?, isSame: Bool?, _ side: SideContext) -> ComparedRow {
        // The way that makes the least difference.
        let test = tests.min { $0.distance < $1.distance } ?? tests[0]
        let interval = side.isEstimated ? hull(side) : nil
        return ComparedRow(
            measure: reading.measure, kind: test.alternative.kind, base: test.base, new: test.new,
            baseMedian: HodgesLehmann.median(test.base) ?? 0, newMedian: HodgesLehmann.median(test.new) ?? 0,
            shift: HodgesLehmann.shift(from: test.base, to: test.new) ?? 0,
            ratio: test.ratio == .infinity ? nil : test.ratio, interval: interval, rawP: p?.raw, p: p?.corrected,
            verdict: verdict(p?.corrected, test.rises, interval, side), isSame: isSame,
            detectable: isTested ? side.power?.detectableRatio(test.base, test.new) : nil,
            lostShare: reading.lostShare, without: reading.omitted, isGated: rule.isGated)
    }

    /// A verdict never stands beside an interval that holds 1.
    private func verdict(_ p: Double?, _ rises: Bool, _ interval: RankInterval?, _ side: SideContext) -> Verdict {
        guard let p else { return .untested }
        guard p < Comparison.level, !(interval?.holdsOne ?? false) else { return .nothingShown }
        return rises ? .more : .less
    }

    /// The interval that holds those of all ways.
    private func hull(_ side: SideContext) -> RankInterval? {
        let all = tests.compactMap { RankInterval(from: $0.base, to: $0.new, level: Comparison.level) }
        guard all.count == tests.count, let lower = all.map(\.lower).min(), let upper = all.map(\.upper).max() else {
            return nil
        }
        return RankInterval(lower: lower, upper: upper)
    }
}

/// What the rows of a side have in common.
struct SideContext {
    /// Whether there are runs enough for intervals, and they are wanted.
    let isEstimated: Bool
    let power: RankPower?
}
