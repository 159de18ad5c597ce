import Contention
import Glibc
import JSON
import Probe
import Recording
import Report
import SystemCalls
import Terminal

/// Runs two commands under the probes.
struct VersusSession {
    let plan: VersusPlan
    private let options: VersusOptions
    private let probe: ProbeArguments
    private let folder: VersusFolder?

    /// Looks at what can fail before anything is attached.
    /// - Throws: `RunFolderError`.
    init(_ plan: VersusPlan, _ options: VersusOptions, _ probe: ProbeArguments) throws {
        self.plan = plan
        self.options = options
        self.probe = probe
        folder = try options.output.map { path in
            try VersusFolder(path, plan.numbered.map { VersusPlan.name($0.side, $0.number) })
        }
    }

    /// - Throws: `ProbeError`, `VersusEnded`, `ComparisonRefused`.
    func compare(_ options: ComparisonOptions) throws -> Comparison {
        let limit = OpenFiles.limit
        let host = HostInspector().inspect()
        let waiter = try SignalWaiter()
        let probes = try probe.attach(waiter)
        defer { probes.close() }
        let conditions = probe.options.conditions(cpus: host.onlineCPUs.count)
        let parts = VersusEngine.Parts(
            command: { [showsOutput = self.options.showOutput] text in
                try ChildProcess(VersusPlan.shell(text), .apart(showsOutput: showsOutput), limit: limit)
            },
            description: { [plan] side, first in
                var description = RunDescription(
                    id: try RunIdentifier.random(), toolVersion: Mountscope.version, host: host,
                    attachTable: probes.attachTable, plan: SamplingPlan(interval: VersusEngine.interval),
                    command: VersusPlan.shell(plan.command(side)), first: first)
                description.label = side.rawValue
                description.probing = conditions
                return description
            }, folder: folder)
        let progress = VersusProgress(total: plan.order.count)
        defer { progress.clear() }
        let engine = VersusEngine(plan, parts, source: probes, waiter: waiter, observer: progress) {
            Privileges.settle(.recording(asAnother: false))
        }
        return try compare(try engine.run(keptIn: folder?.path), options)
    }

    private func compare(_ result: VersusResult, _ options: ComparisonOptions) throws -> Comparison {
        var options = options
        options.compared = [[.command]]
        options.isPerRun = true
        let names = VersusPlan.Side.allCases.map { side in
            plan.command(.old) == plan.command(.new) ? "\(side.rawValue): \(plan.command(side))" : plan.command(side)
        }
        do {
            return try Comparison(
                [RunGroup(name: names[0], runs: result.old), RunGroup(name: names[1], runs: result.new)],
                options: options)
        } catch { throw ComparisonRefused(error) }
    }
}

/// Tells on standard error which run goes on and how long the rest will take.
final class VersusProgress: VersusObserver {
    private let total: Int
    private var line: ProgressLine
    private var first: (moment: UInt64, done: Int)?

    init(total: Int, output: Output = .error) {
        self.total = total
        line = ProgressLine(output)
    }

    func begins(_ what: String, done: Int) {
        let now = Clocks.monotonic()
        // Warm-ups are slower than what follows them.
        if done == 0 { first = (now, done) }
        var left = ""
        if let first, done > first.done {
            let each = (now - first.moment) / UInt64(done - first.done)
            left = ", about \(Units.elapsed(each * UInt64(total - done))) left"
        }
        line.put("\(what)\(left)")
    }

    func notice(_ text: String) {
        line.say(EscapedBytes.visible("mountscope: \(text)"))
    }

    /// Takes the line away.
    func clear() { line.clear() }
}

extension CompareCommand.Format {
    /// What two commands caused, in this format: the answer first, where it is for people.
    func text(_ comparison: Comparison, _ plan: VersusPlan) -> String {
        let answer = ComparisonAnswer(comparison).text
        switch self {
        case .text:
            let width = Output.standard.columns
            return ComparisonReport(comparison).text(width: width, answer: answer)
        case .markdown: return "**\(answer)**\n\n" + text(comparison)
        case .csv: return text(comparison)
        case .json: return ComparisonFile(comparison).json(answer: answer, plan).formatted + "\n"
        }
    }
}
