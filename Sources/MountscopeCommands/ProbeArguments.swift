import ArgumentParser
import Contention
import Probe

/// Options of every command that attaches probes.
struct ProbeArguments: ParsableArguments {
    @Option(
        name: .customLong("without"),
        help: ArgumentHelp(
            "Do as if the kernel lacked it: kprobes, tracing, sampling, tracepoints.", visibility: .hidden))
    var withheld: [Withheld] = []

    @Option(
        name: .customLong("attach"),
        help: ArgumentHelp(
            "Which probes: auto (the best way this kernel has for each series), cold (only instructions that the kernel "
                + "executes when somebody spins, locks or fails), function (entries and exits), sample (none), all (auto and sample). "
                + "(default: auto)",
            valueName: "way"))
    var attachChoice: AttachChoice?

    @Option(
        name: .customLong("sample-hz"), parsing: .unconditional,
        help: ArgumentHelp(
            "How often each CPU looks at the locks: a number of times a second (1 to 10000), or off. "
                + "(default: 499, down to 99 on many CPUs; with --attach cold or function off)", valueName: "n|off"),
        transform: ProbeArguments.parseRate)
    var sampleRate: SampleRate?

    @Option(
        name: .customLong("budget"), parsing: .unconditional,
        help: ArgumentHelp(
            "How much of all CPU time the probes may take, in percent, or off. Above it the dearest are taken off, "
                + "and every output says so. (default: 1)", valueName: "percent"), transform: BudgetArgument.parse)
    var budget: BudgetArgument?

    @Option(
        name: .customLong("who"),
        help: ArgumentHelp(
            "Whether events are counted by process, cgroup and mount namespace too, pages by scan, and victims by who made "
                + "them wait: on or off. It costs more a mount and a page: see docs/who.md. (default: on where that is cheap, on "
                + "kernels since 6.2)",
            valueName: "on|off"))
    var who: Who?

    @Option(
        name: .customLong("who-room"),
        help: ArgumentHelp("How many rows the table of processes has.", visibility: .hidden))
    var room: UInt32?

    /// Whether events are counted by actor.
    enum Who: String, ExpressibleByArgument, CaseIterable { case on, off }

    /// The options that were given, by name.
    var given: [String] {
        [
            withheld.isEmpty ? nil : "--without", attachChoice.map { _ in "--attach" },
            sampleRate.map { _ in "--sample-hz" }, budget.map { _ in "--budget" },
            who.map { _ in "--who" },
        ].compactMap { $0 }
    }

    /// - Throws: `ValidationError` for anything but `off` and a rate that a timer keeps.
    static func parseRate(_ text: String) throws -> SampleRate {
        if text == "off" { return .off }
        guard let hertz = Int(text), SampleRate.allowed.contains(hertz) else {
            throw ValidationError("\"\(text)\" is no rate; write a number from 1 to 10000, or off")
        }
        return .hertz(hertz)
    }

    /// What can be withheld, to try what is left without it.
    enum Withheld: String, ExpressibleByArgument, CaseIterable {
        case kprobes, tracing, sampling, tracepoints

        var facility: Facility {
            switch self {
            case .kprobes: .kprobes
            case .tracing: .tracing
            case .sampling: .sampling
            case .tracepoints: .tracepoints
            }
        }
    }

    var options: ProbeOptions {
        var options = ProbeOptions()
        options.attach = attachChoice ?? .auto
        options.sampling = sampleRate ?? .standard
        options.budget = (budget ?? BudgetArgument(budget: .standard)).budget
        options.actors.isOn = who.map { $0 == .on }
        options.actors.room = room
        for one in withheld { options.withholding.insert(one.facility) }
        return options
    }

    /// Attaches the probes, showing how far it has come.
    /// - Throws: `ProbeError`; `AttachInterrupted` when the waiter has a signal to stop.
    func attach(_ waiter: any Waiter) throws -> ProbeSession {
        let display = AttachDisplay(waiter: waiter)
        defer { display.clear() }
        var options = options
        options.observer = display
        return try ProbeSession(options: options)
    }
}

extension AttachChoice: ExpressibleByArgument {}
