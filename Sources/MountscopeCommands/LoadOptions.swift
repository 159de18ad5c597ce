import ArgumentParser
import Workload

extension LoadScenario: ExpressibleByArgument {}
extension MountTableFile: ExpressibleByArgument {}

/// The options of `mountscope load` for every scenario.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "Threads of a single scenario, \(LoadPlan.mostThreads) at most. (default: 1)", valueName: "count"),
        transform: { try CountArgument.parse($0, in: 1...LoadPlan.mostThreads) })
    var threads: Int?

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("Operations in each thread; 0 does the set-up only.", valueName: "count"),
        transform: { try CountArgument.parse($0, in: 0...Int.max) })
    var operations: Int?

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "How long to work: 500ms, 2s, 5m; a bare number is seconds. (default: 1s)", valueName: "time"),
        transform: DurationArgument.parse)
    var duration: DurationArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Operations a second that each thread begins, however long they take, so that two kernels do the same work. "
                + "(default: one after another)", valueName: "number"), transform: LoadOptions.rate)
    var rate: Double?

    @Flag(help: "bind: take the mount away with MNT_DETACH.")
    var detach = false

    @Option(help: "mountinfo: the file of /proc/thread-self. (default: mountinfo)")
    var file: MountTableFile?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "mountinfo: bytes that one read asks for: 4096, 64k; 64M at most. (default: 64k)", valueName: "bytes"),
        transform: { text in try usage { () throws(WorkloadError) in try parseByteCount(text) } })
    var buffer: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Bind mounts made first, so that the mount table is long; \(LoadPlan.mostTableMounts) at most. (default: 0)",
            valueName: "count"), transform: { try CountArgument.parse($0, in: 0...LoadPlan.mostTableMounts) })
    var tableMounts: Int?

    private static func rate(_ text: String) throws -> Double {
        guard let rate = Double(text), rate > 0, rate <= LoadPlan.highestRate else {
            throw ValidationError(
                "\"\(text)\" is no rate; write a number of operations a second, above 0 and "
                    + "\(Int(LoadPlan.highestRate)) at most")
        }
        return rate
    }

    var request: LoadRequest {
        var request = LoadRequest()
        request.rate = rate
        request.threads = threads
        request.operations = operations
        request.nanoseconds = duration?.nanoseconds
        request.detach = detach
        request.tableFile = file
        request.bufferBytes = buffer
        request.tableMounts = tableMounts ?? 0
        return request
    }
}

/// How many threads of each kind the scenario `mix` has.
struct LoadMixOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that bind mount and umount a directory.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var bind: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that toggle a bind mount read-only and read-write.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var remount: Int?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Threads that stat a file across mounts.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var stat: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that open and close a file across mounts.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var open: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that stat a path whose .. leaves mounts.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var dotdot: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that stat across mounts in ref-walk mode.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var refwalk: Int?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Threads that call getcwd in a nested mount.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var getcwd: Int?
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Threads that read the mount table.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var mountinfo: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads whose children unshare the mount namespace.", valueName: "count"),
        transform: LoadMixOptions.threads)
    var unshare: Int?

    private static func threads(_ text: String) throws -> Int {
        try CountArgument.parse(text, in: 0...LoadPlan.mostThreads)
    }

    var byKind: [LoadKind: Int] {
        let given: [LoadKind: Int?] = [
            .bind: bind, .remount: remount, .stat: stat, .open: open,
            .dotdot: dotdot, .refwalk: refwalk, .getcwd: getcwd,
            .mountinfo: mountinfo, .unshare: unshare,
        ]
        return given.compactMapValues { $0 }
    }
}

/// A value that does not parse is a usage error, with the text that says why.
private func usage<Value>(_ parse: () throws(WorkloadError) -> Value) throws -> Value {
    do {
        return try parse()
    } catch {
        throw ValidationError(error.description)
    }
}

let loadDiscussion = """
    Everything is mounted on a tmpfs in a mount namespace of the command's own, which goes when the \
    command ends, however it ends. The set-up is the same for every number of operations, so a run \
    with -n 0 is the baseline of exact counts. Ctrl-C ends the work early and still prints what was \
    done, with "interrupted": true.

    One operation:
      bind       a bind mount and its umount
      remount    one MS_REMOUNT|MS_BIND toggle of MS_RDONLY, on a mount of its own
      stat       stat of a file below two nested bind mounts
      open       open(O_RDONLY) and close of that file
      dotdot     stat of a path whose .. leaves three mounts by their roots
      refwalk    the same in ref-walk mode, by /proc/self/root
      getcwd     getcwd below two nested bind mounts
      mountinfo  open, read to the end and close of a file of the mount table
      unshare    a child process that unshares its mount namespace and exits
      mix        threads of several kinds at once, across the mounts that
                 remount toggles

    With --rate each thread begins so many operations a second. One that falls behind goes on without waiting; what \
    it had not done at the end of --duration is in the report (operations_due), and said.

    The mix when no kind is named: --remount 2 --bind 1 --stat 2 --open 1 --dotdot 1 \
    --getcwd 1 --mountinfo 1.

    Needs root. Exit status: 0 done, 1 a call failed, 64 usage, 77 not permitted.
    """
