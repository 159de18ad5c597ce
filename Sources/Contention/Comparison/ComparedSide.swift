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
    public let order: RunOrder

    init(_ group: RunGroup, against base: RunGroup, _ choice: MeasureChoice, _ options: ComparisonOptions) {
        self.group = group
        order = RunOrder(base, group)
        let set = RunSet(base: base.runs, new: group.runs, mixesModes: options.force)
        let isTested = min(base.runs.count, group.runs.count) >= Comparison.leastRuns
        self.isTested = isTested
        let (readings, leftOut) = choice.read(set)
        self.leftOut = leftOut
        let all = readings.map { rule, reading in
            Sample(
                rule, reading, baseRuns: base.runs.count,
                isTested: isTested && (rule.isDirected || options.isDetailed))
        }
        silent = all.filter(\.isSilent).map(\.reading.measure)
        let samples = all.filter { !$0.isSilent }
        // What is the same in all runs of both sides can show nothing under any dealing of the runs, and takes nothing
        // from the others: Tarone, "A modified Bonferroni method for discrete data", Biometrics 46 (1990).
        let tested = samples.indices.filter { samples[$0].isTested && !samples[$0].isConstant }
        tests = tested.count
        isHopeless =
            isTested && MannWhitney.leastP(base.runs.count, group.runs.count) * Double(tested.count) >= Comparison.level
        let context = SideContext(
            isEstimated: isTested && options.isEstimated,
            power: isTested && options.isEstimated
                ? RankPower(base.runs.count, group.runs.count, level: Comparison.level / Double(max(1, tested.count)))
                : nil)
        let probabilities = ComparedSide.corrected(samples, tested) { $0.rawP }
        let sameness = ComparedSide.sameness(samples, options)
        rows = samples.enumerated().map { index, sample in
            sample.row(
                probabilities[index] ?? (sample.isTested ? (1, 1) : nil), isSame: sameness[index], context)
        }
    }

    /// The rows that have a verdict.
    public var judged: [ComparedRow] { rows.filter { $0.isGated && $0.verdict != .untested } }

    private static func corrected(
        _ samples: [Sample], _ tested: [Int], _ p: (Sample) -> Double
    ) -> [Int: (raw: Double, corrected: Double)] {
        let raw = tested.map { p(samples[$0]) }
        let corrected = Holm.adjusted(raw)
        var found: [Int: (raw: Double, corrected: Double)] = [:]
        for (position, index) in tested.enumerated() { found[index] = (raw[position], corrected[position]) }
        return found
    }

    /// By sample, whether it is shown to be within the margin.
    private static func sameness(_ samples: [Sample], _ options: ComparisonOptions) -> [Int: Bool] {
        guard let margin = options.sameWithin else { return [:] }
        return corrected(samples, samples.indices.filter { samples[$0].isTested }) { $0.sameP(within: margin) }
            .mapValues { $0.corrected < Comparison.level }
    }
}

/// A measure that is not compared.
public struct LeftOut: Sendable, Equatable {
    public let measure: Measure
    public let cause: MeasureGap.Cause
    public let reason: String
    /// Whether it would count in a gate.
    public let isGated: Bool
}
