import Contention

/// What a comparison says first: whether it can be believed, and how many of how many measures got worse.
struct ComparisonHeadline {
    let baseline: RunGroup
    let side: ComparedSide
    let sameWithin: Double?

    var title: String { "\(side.group.name) (\(runs(side.group))) against \(baseline.name) (\(runs(baseline)))" }

    var sentences: [String] { [order, counts].compactMap { $0 } }

    private func runs(_ group: RunGroup) -> String { Units.amount(group.runs.count, "run") }

    /// nil where the order of the runs says nothing against them.
    private var order: String? {
        switch side.order {
        case .mixed: nil
        case .blocked(let changes):
            "BLOCKED ORDER: the sides changed only \(changes == 1 ? "once" : "\(changes) times") from run to run, so that "
                + "whatever drifted meanwhile looks like a difference. Record them in turn."
        case .unknown: "ORDER UNKNOWN: a run does not say when it was recorded."
        }
    }

    private var counts: String {
        let sizes = "\(baseline.runs.count) and \(side.group.runs.count) runs"
        guard side.isTested else {
            return "\(sizes): fewer than \(Comparison.leastRuns) a side are no comparison. Ratios, no verdict."
        }
        guard !side.isHopeless else {
            return
                "\(sizes) are too few for \(Units.amount(side.tests, "test")): not even a difference in every run would be "
                + "shown. Record more runs, or name fewer metrics with --metric."
        }
        let judged = side.judged
        guard !judged.isEmpty else { return "Nothing could be compared." }
        func count(_ verdict: Verdict) -> Int { judged.count { $0.verdict == verdict } }
        let untold = judged.filter { $0.verdict == .nothingShown }
        var text = "Of \(Units.amount(judged.count, "measure")) \(count(.more)) got worse, \(count(.less)) better, "
        text += "\(untold.count) cannot be told"
        if let sameWithin {
            text +=
                ", \(untold.count { $0.isSame == true }) of them the same within \(ComparisonHeadline.percent(sameWithin))"
        }
        return text + "."
    }

    static func percent(_ share: Double) -> String { "\(Units.rate(share * 100)) %" }
}
