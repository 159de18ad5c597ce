import Contention
import Glibc
import SystemCalls

/// Is told how far the runs have come.
public protocol VersusObserver: AnyObject {
    /// A run begins, after `done` whole ones.
    func begins(_ what: String, done: Int)
    func notice(_ text: String)
}

/// What two commands caused.
public struct VersusResult: Sendable {
    public let old: [RunFacts]
    public let new: [RunFacts]
}

/// Runs two commands in turn, with the probes attached all the time, and records each run.
public struct VersusEngine {
    /// What is needed to make a run: the rest is the same for all.
    public struct Parts {
        /// Starts what the shell is given.
        let command: (String) throws -> any RecordedCommand
        /// Describes a run that begins with this snapshot.
        let description: (VersusPlan.Side, Snapshot) throws -> RunDescription
        /// Where the runs are kept; nil where they are not.
        let folder: VersusFolder?

        public init(
            command: @escaping (String) throws -> any RecordedCommand,
            description: @escaping (VersusPlan.Side, Snapshot) throws -> RunDescription, folder: VersusFolder?
        ) {
            self.command = command
            self.description = description
            self.folder = folder
        }
    }

    /// Nanoseconds between two rows of a series.
    public static let interval: UInt64 = 1_000_000_000

    private let plan: VersusPlan
    private let parts: Parts
    private let source: any SnapshotSource
    private let waiter: any Waiter
    private let observer: any VersusObserver
    private let settle: () -> Void

    /// - Parameters:
    ///   - source: attached.
    ///   - settle: is called when the last command has been started.
    public init(
        _ plan: VersusPlan, _ parts: Parts, source: any SnapshotSource, waiter: any Waiter,
        observer: any VersusObserver, settle: @escaping () -> Void = {}
    ) {
        self.plan = plan
        self.parts = parts
        self.source = source
        self.waiter = waiter
        self.observer = observer
        self.settle = settle
    }

    /// Makes all runs.
    /// - Parameter folder: where they are kept, for messages; nil where they are not.
    /// - Throws: `VersusEnded`, with what ended them and how many runs are whole.
    public func run(keptIn folder: String?) throws -> VersusResult {
        var found: [VersusPlan.Side: [RunFacts]] = [:]
        var done = 0
        do {
            for round in 0..<plan.warmups {
                for side in VersusPlan.Side.allCases {
                    try unmeasured(side, "warm-up \(round + 1) of \(side.rawValue)", done)
                }
            }
            for (index, run) in plan.numbered.enumerated() {
                found[run.side, default: []].append(try measured(index, run.side, run.number, done))
                done += 1
            }
        } catch {
            throw VersusEnded(error, whole: done, of: plan.order.count, folder: folder)
        }
        return VersusResult(old: found[.old] ?? [], new: found[.new] ?? [])
    }

    private func unmeasured(_ side: VersusPlan.Side, _ what: String, _ done: Int) throws {
        observer.begins(what, done: done)
        try prepare(what)
        try check(try record(plan.command(side), [], what), "the command of \(side.rawValue), in its \(what),")
    }

    private func measured(_ index: Int, _ side: VersusPlan.Side, _ number: Int, _ done: Int) throws -> RunFacts {
        let what = "run \(index + 1) of \(plan.order.count) (\(side.rawValue))"
        observer.begins(what, done: done)
        try prepare(what)
        let loop = try SamplingLoop(source: source, waiter: waiter, plan: SamplingPlan(interval: Self.interval))
        let description = try parts.description(side, loop.first)
        let place = try parts.folder?.run(VersusPlan.name(side, number))
        let name = place?.path ?? VersusPlan.name(side, number)
        let facts = FactsSink(description, name: name)
        var sinks: [any RunSink] = [facts]
        if let place { sinks.append(try RunWriter(folder: place, description: description)) }
        let isLast = index == plan.order.count - 1
        let end = try record(plan.command(side), sinks, what, loop, settle: isLast ? settle : {})
        try check(end, "the command of \(side.rawValue), in \(what),")
        guard let facts = facts.facts else { throw SystemFailure(message: "\(what) has no numbers", hint: "") }
        return facts
    }

    private func prepare(_ what: String) throws {
        guard let prepare = plan.prepare else { return }
        let end = try record(prepare, [], what)
        guard end == .exited(status: 0) else {
            throw VersusError.failed(what: "the command of --prepare, before \(what),", end: end)
        }
    }

    private func check(_ end: CommandEnd, _ what: String) throws {
        guard end != .exited(status: 0), !plan.ignoresFailure else { return }
        throw VersusError.failed(what: what, end: end)
    }

    /// Runs a command to its end.
    /// - Throws: `VersusError.interrupted` where a signal came.
    private func record(
        _ text: String, _ sinks: [any RunSink], _ what: String, _ loop: SamplingLoop? = nil,
        settle: @escaping () -> Void = {}
    ) throws -> CommandEnd {
        let loop =
            try loop ?? SamplingLoop(source: source, waiter: waiter, plan: SamplingPlan(interval: Self.interval))
        var engine = RecordEngine(
            source: loop, sinks: sinks, command: try parts.command(text), observer: Relay(observer), settle: settle)
        let outcome = try engine.run()
        if case .interrupted(let signal) = outcome.end { throw VersusError.interrupted(run: what, signal: signal) }
        guard let end = outcome.command else { throw SystemFailure(message: "\(what) has no command", hint: "") }
        return end
    }
}

/// What a single run has to tell.
private struct Relay: RecordObserver {
    let observer: any VersusObserver

    init(_ observer: any VersusObserver) { self.observer = observer }

    func recorded(_ interval: Interval, summary: Interval?) {}

    func notice(_ text: String) { observer.notice(text) }
}
