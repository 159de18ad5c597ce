import Contention

/// A run with what every part of its page is made of, worked out once.
struct SummedRun {
    let run: ReportedRun
    /// Everything as one interval.
    let summary: Interval
    let sheet: CostSheet

    init(_ run: ReportedRun) {
        self.run = run
        summary = run.summary
        sheet = CostSheet(summary, cpus: run.host.cpus)
    }

    /// How bad it was, in words.
    var verdict: VerdictWords { VerdictWords(summary.verdict(cpus: run.host.cpus), sheet) }

    /// The verdict as a sentence, with its colour.
    /// - Parameter name: what comes before it; empty for a run that is alone.
    func verdictParagraph(_ name: String = "") -> String {
        let words = verdict
        return Markup.element(
            "p", ["class": "verdict \(words.level.lowercased())"],
            Markup.escaped(name) + Markup.element("b", words.level) + " " + Markup.escaped(words.text))
    }

    /// `Worst interval: BUSY at ...`; nil where there is only one, or none is known.
    var worst: String? {
        guard run.totals.intervals > 1, let worst = run.totals.worst else { return nil }
        return "Worst interval: " + VerdictWords.worst(worst, cpus: run.host.cpus)
    }

    /// `8 of 11 rows exact, ...`
    var trust: String { DataWords(Trust(summary, sheet)).text }

    /// What stands beneath the table on a screen: coverage, cost, losses, what is not known and why.
    var remarks: [String] { Notes(interval: summary, width: .max).lines + RunReport(run).gaps(.max) }
}
