import ArgumentParser
import Contention
import Recording

/// How the commands of `mountscope versus` are run.
struct VersusOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp(
            "Runs of each command; with fewer than 6 there is no verdict. (default: 10)", valueName: "count"),
        transform: { try CountArgument.parse($0, in: 1...1000) })
    var runs: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs of each that are made first and not counted. (default: 1)", valueName: "count"),
        transform: { try CountArgument.parse($0, in: 0...1000) })
    var warmup: Int?
    @Option(help: ArgumentHelp("Run this by sh before each run, unmeasured.", valueName: "command"))
    var prepare: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to keep the runs in: old-1, new-1 and so on.", valueName: "folder"),
        completion: .directory)
    var output: String?
    @Flag(help: "Compare commands that fail, too; else the first failure ends it with 1.")
    var ignoreFailure = false
    @Flag(help: "Let the commands write to standard error; else what they write goes nowhere.")
    var showOutput = false

    /// - Throws: `ValidationError`. Not called `validate`: the parser would call it too.
    func check() throws {
        try refuseEmpty(prepare, "--prepare")
        try refuseEmpty(output, "--output")
    }

    func plan(_ old: String, _ new: String) -> VersusPlan {
        var generator = SystemRandomNumberGenerator()
        return VersusPlan(
            old: old, new: new, warmups: warmup ?? 1, prepare: prepare, ignoresFailure: ignoreFailure,
            order: RunSchedule.pairs(runs ?? 10, using: &generator))
    }
}

let versusDiscussion = """
    Both are run by `sh -c`, ten times each, in random order in pairs of one run each, with standard input empty. The \
    probes are attached once, and everything is counted from before to after each run: the whole machine's, so keep it \
    quiet. The first line of the output is the answer; `compare --help` explains the table.

    Put a command with quotes into quotes of the other kind:
      mountscope versus 'mountscope load bind -n 20' 'mountscope load bind -n 20 --detach'
      mountscope versus -n 6 --prepare sync -o scans "cat /proc/self/mountinfo" "cat /proc/self/mounts"

    Ctrl-C ends the run that goes on, detaches the probes and says which runs are kept.

    Exit status: 0 done, 1 a command failed or a run could not be made, 2 a regression beyond --fail-over, 3 --fail-over \
    cannot judge, 64 usage, 69 this kernel lacks what is required, 77 not permitted.
    """
