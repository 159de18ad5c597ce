/// What a comparison says about one measure.
public enum Verdict: String, Sendable {
    /// Shown to be less than the baseline.
    case less
    /// Shown to be more than the baseline.
    case more
    /// No difference is shown; there may be one all the same.
    case nothingShown = "~"
    /// Too few runs to tell.
    case untested = ""
}

/// One measure of a group beside the baseline's.
public struct ComparedRow: Sendable {
    public let measure: Measure
    /// One value for each run.
    public let base: [Double]
    public let new: [Double]
    /// The medians.
    public let baseMedian: Double
    public let newMedian: Double
    /// Hodges-Lehmann, in the measure's unit.
    public let shift: Double
    /// New over base: Hodges-Lehmann of the logarithms, or of the means where a value is 0; nil over nothing.
    public let ratio: Double?
    /// The bootstrap's 95 % interval of the ratio; a bound is nil where it is not known.
    public let interval: (lower: Double?, upper: Double?)
    /// Two-sided, of this test alone; nil without a test.
    public let rawP: Double?
    /// Corrected for all tests of the side (Holm); nil without a test.
    public let p: Double?
    public let verdict: Verdict
    /// The largest share of the measure's events that any run knows to have lost; nil where some run cannot know.
    public let lostShare: Double?
    /// Sites with events that are no part of it, because not every run knows them alike.
    public let without: [String]

    /// Whether it is shown to be worse, by more than this share. Of everything compared, more is worse.
    public func isRegression(beyond limit: Double) -> Bool {
        verdict == .more && (ratio.map { $0 > 1 + limit } ?? true)
    }
}

/// One group held against the baseline.
public struct ComparedSide: Sendable {
    public let group: RunGroup
    public let rows: [ComparedRow]
    /// Measures that did not happen in any run of either side.
    public let silent: [Measure]
    public let leftOut: [LeftOut]
    /// The tests that the probabilities are corrected for.
    public let tests: Int
    /// Whether both sides have runs enough for a verdict.
    public let isTested: Bool
    /// Whether even samples that do not overlap would leave the corrected p above the level.
    public let isHopeless: Bool

    init(_ group: RunGroup, against base: RunGroup, _ choice: MeasureChoice, _ options: ComparisonOptions) {
        self.group = group
        let set = RunSet(runs: base.runs + group.runs, mixesModes: options.force)
        let (readings, leftOut) = choice.read(set)
        self.leftOut = leftOut
        isTested = min(base.runs.count, group.runs.count) >= Comparison.leastRuns
        var samples: [Sample] = []
        var silent: [Measure] = []
        for reading in readings {
            let sample = Sample(reading: reading, baseRuns: base.runs.count)
            if reading.values.allSatisfy({ $0 == 0 }) { silent.append(reading.measure) } else { samples.append(sample) }
        }
        self.silent = silent
        // What is the same in all runs of both sides can show nothing under any dealing of the runs, and takes nothing
        // from the others: Tarone, "A modified Bonferroni method for discrete data", Biometrics 46 (1990).
        let tested = isTested ? samples.indices.filter { !samples[$0].isConstant } : []
        tests = tested.count
        isHopeless =
            isTested && MannWhitney.leastP(base.runs.count, group.runs.count) * Double(tested.count) >= Comparison.level
        let raw = tested.map { MannWhitney(samples[$0].base, samples[$0].new)?.p ?? 1 }
        let corrected = Holm.adjusted(raw)
        var p: [Int: (raw: Double, corrected: Double)] = [:]
        for (position, index) in tested.enumerated() { p[index] = (raw[position], corrected[position]) }
        let isTested = isTested
        rows = samples.enumerated().map { index, sample in
            sample.row(p[index] ?? (isTested ? (1, 1) : nil), options.bootstrap)
        }
    }
}

/// The values of a measure on both sides.
private struct Sample {
    let reading: MeasureReading
    let base: [Double]
    let new: [Double]

    var isConstant: Bool { reading.values.allSatisfy { $0 == base[0] } }

    init(reading: MeasureReading, baseRuns: Int) {
        self.reading = reading
        base = Array(reading.values[..<baseRuns])
        new = Array(reading.values[baseRuns...])
    }

    func row(_ p: (raw: Double, corrected: Double)?, _ bootstrap: Bootstrap) -> ComparedRow {
        let shift = HodgesLehmann.shift(from: base, to: new) ?? 0
        var verdict = Verdict.untested
        if let p { verdict = p.corrected < Comparison.level ? (isHigher ? .more : .less) : .nothingShown }
        return ComparedRow(
            measure: reading.measure, base: base, new: new, baseMedian: HodgesLehmann.median(base) ?? 0,
            newMedian: HodgesLehmann.median(new) ?? 0, shift: shift, ratio: ratio(base, new),
            interval: bootstrap.interval95(base, new, estimate: ratio), rawP: p?.raw, p: p?.corrected,
            verdict: verdict, lostShare: reading.lostShare, without: reading.omitted)
    }

    /// The way the test decides: whether more of the pairs rise than fall.
    private var isHigher: Bool {
        guard let test = MannWhitney(base, new, method: .normal) else { return false }
        return test.u > Double(base.count * new.count) / 2
    }

    private var hasZero: Bool { reading.values.contains { $0 <= 0 } }

    private func ratio(_ base: [Double], _ new: [Double]) -> Double? {
        guard hasZero else { return HodgesLehmann.ratio(from: base, to: new) }
        let (below, above) = (base.reduce(0, +) / Double(base.count), new.reduce(0, +) / Double(new.count))
        return below > 0 ? above / below : nil
    }
}
