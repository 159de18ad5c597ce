import ArgumentParser
import Contention
import Recording
import Report
import SystemCalls
import Terminal

/// A regression was found: the output has told, the exit status remains.
struct RegressionFound: Error {}

/// Why a comparison was refused.
struct ComparisonRefused: ExplainedError, Equatable {
    let message: String
    let hint: String

    /// Reasons that are listed at most.
    private static let listed = 8

    init(_ error: ComparisonError) {
        switch error {
        case .nothingToCompare:
            message = "there is nothing to compare"
            hint = "each side needs at least one run"
        case .repeated(let run):
            message = "\"\(run)\" is given twice: a run counts once"
            hint = "record another run"
        case .noMetric(let name):
            message = "no metric that can be compared is called \"\(name)\""
            hint = "write_sections, mount_lock.read_retries or namespace_sem, for example; see docs/comparing.md"
        case .unfair(let problems):
            let more = problems.count - ComparisonRefused.listed
            let lines = problems.prefix(ComparisonRefused.listed).map { "\n  \($0.reason)" }.joined()
            message = "this would be no fair comparison:" + lines + (more > 0 ? "\n  and \(more) more" : "")
            hint = "compare runs that differ in one thing; --force compares these all the same, and says so"
        }
    }
}

/// What `--fail-over` asks for.
struct CompareGate {
    /// The share beyond which a regression is one; nil without a gate.
    let limit: Double?

    /// - Throws: `RegressionFound`; `SystemFailure` where no regression could have been found.
    func check(_ comparison: Comparison) throws {
        guard let limit else { return }
        if comparison.sides.contains(where: { !$0.isTested }) {
            throw SystemFailure(
                message: "--fail-over needs \(Comparison.leastRuns) runs a side: with fewer nothing can be shown",
                hint: "record more runs")
        }
        if comparison.sides.contains(where: \.isHopeless) {
            throw SystemFailure(
                message: "--fail-over cannot find anything with so few runs among so many measures",
                hint: "record more runs, or name fewer metrics with --metric")
        }
        if !comparison.regressions(beyond: limit).isEmpty { throw RegressionFound() }
    }
}

/// A percentage on the command line: `10`, `2.5`, `10%`.
/// - Returns: a share, 0.1 for ten percent.
/// - Throws: `ValidationError`, a usage error.
func parsePercent(_ text: String) throws -> Double {
    guard let value = Double(text.hasSuffix("%") ? String(text.dropLast()) : text), value >= 0, value.isFinite else {
        throw ValidationError("\"\(text)\" is no percentage; write 10 for ten percent, 0 at least")
    }
    return value / 100
}

extension CompareCommand.Format {
    /// The comparison in this format.
    func text(_ comparison: Comparison) -> String {
        switch self {
        case .text: ComparisonReport(comparison).text(width: Output.standard.columns)
        case .markdown: ComparisonReport(comparison).markdown
        case .csv: ComparisonFile(comparison).csv
        case .json: ComparisonFile(comparison).json.formatted + "\n"
        }
    }
}

let compareDiscussion = """
    The run is the sample, however many intervals it has: record each side six times or more, in turn (A, B, A, B), \
    with the same load. Every number is divided by what caused it (write sections, mount operations, lookups, scans, \
    holds), so that a faster kernel does not look worse for doing more. The load's own counts come with \
    `record -- mountscope load`.

    Columns: the medians of the baseline and of the new side, the shift between them (Hodges-Lehmann) and their ratio \
    with the bootstrap's 95 % interval; p of the rank-sum test, corrected for the number of tests (Holm); and less, more \
    or ~ where no difference is shown. More is worse in every row.

    Exit status: 0 done, 1 the runs cannot be read or fairly compared, 2 a regression beyond --fail-over, 64 usage.
    """
