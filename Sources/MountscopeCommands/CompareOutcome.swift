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

extension ComparisonRefused {
    /// Finds out before anything is measured what would be refused afterwards.
    /// - Throws: `ComparisonRefused` for a metric that there is not.
    static func checkingMetrics(_ options: ComparisonOptions) throws {
        do { try options.checkMetrics() } catch { throw ComparisonRefused(error) }
    }
}

/// What a comparison is of.
struct CompareMeasures: ParsableArguments {
    @Option(
        name: .customLong("metric"),
        help: "Only this: write_sections, mount_lock.read_retries, namespace_sem; may be repeated.")
    var metrics: [String] = []
    @Flag(help: "More measures: other denominators, sites and shares. More tests show less each.")
    var detail = false

    /// - Throws: `ValidationError`. Not called `validate`: the parser would call it too.
    func check() throws { for metric in metrics { try refuseEmpty(metric, "--metric") } }

    func options(_ judging: CompareJudging) -> ComparisonOptions {
        var options = ComparisonOptions()
        options.isDetailed = detail
        options.metrics = metrics
        options.sameWithin = judging.sameWithin
        return options
    }
}

/// What is asked of a comparison besides its table.
struct CompareJudging: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Exit with 2 when a measure is shown to be worse by more, with 3 when that cannot be judged.",
            valueName: "percent"), transform: parsePercent)
    var failOver: Double?
    @Flag(help: "With --fail-over: judge runs that were not recorded in turn all the same.")
    var allowBlocked = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Say which measures are shown to differ by no more than this.", valueName: "percent"),
        transform: parsePercent)
    var sameWithin: Double?

    var gate: CompareGate { CompareGate(gate: failOver.map { Gate(limit: $0, allowsBlocked: allowBlocked) }) }

    /// - Throws: `ValidationError`. Not called `validate`: the parser would call it too.
    func check() throws {
        if allowBlocked, failOver == nil { throw ValidationError("--allow-blocked goes with --fail-over") }
        if sameWithin == 0 {
            throw ValidationError("--same-within needs a margin above 0: nothing is exactly the same")
        }
    }
}

/// What `--fail-over` asks for.
struct CompareGate {
    /// nil without a gate.
    let gate: Gate?

    /// - Throws: `RegressionFound`; `GateCannotJudge` where a regression could have gone unseen.
    func check(_ comparison: Comparison) throws {
        switch gate?.judge(comparison) {
        case .passed, nil: return
        case .regression: throw RegressionFound()
        case .cannotJudge(let reasons): throw GateCannotJudge(reasons)
        }
    }
}

/// A gate that neither passes nor finds a regression.
struct GateCannotJudge: ExplainedError, Equatable {
    let message: String
    let hint = "record what is missing; docs/comparing.md says what a gate needs"

    /// Reasons that are listed at most.
    private static let listed = 8

    init(_ reasons: [String]) {
        let more = reasons.count - GateCannotJudge.listed
        message =
            "--fail-over cannot judge:" + reasons.prefix(GateCannotJudge.listed).map { "\n  \($0)" }.joined()
            + (more > 0 ? "\n  and \(more) more" : "")
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
    The run is the sample, however many intervals it has: record each side six times or more, in turn (A, B, A, B) or in \
    random order, with the same load. Every number is divided by the operations that caused it where the load counted \
    them (`record -- mountscope load`), otherwise by write sections, by the run of the command or by CPU seconds; PER says \
    by what. Where two commands are compared it is the run. `mountscope versus` records and compares two commands in one go.

    Columns: the medians of the baseline and of the new side, their ratio (Hodges-Lehmann) with its 95 % interval; p of the \
    rank-sum test, corrected for the number of tests (Holm); FINDS, the least ratio that four of five such comparisons \
    show; and less, more or ~ where no difference is shown, or same where --same-within is. More is worse in every row; \
    means stand beside number and total without a verdict.

    Exit status: 0 done, 1 the runs cannot be read or fairly compared, 2 a regression beyond --fail-over, 3 --fail-over \
    cannot judge (too few runs, missing data, runs not in turn), 64 usage.
    """
