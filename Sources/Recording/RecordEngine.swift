import Contention
import Glibc
import SystemCalls

/// Is told how a recording goes, to show it.
public protocol RecordObserver {
    /// An interval was written; `summary` is everything so far.
    mutating func recorded(_ interval: Interval, summary: Interval?)
    /// Something to tell the user now.
    mutating func notice(_ text: String)
}

/// How a recording ended.
public struct RecordOutcome: Sendable, Equatable {
    /// Why.
    public let end: RunEnd
    /// nil without COMMAND.
    public let command: CommandEnd?
    /// How many were written.
    public let intervals: Int
    /// Nanoseconds from the first snapshot to the last.
    public let elapsed: UInt64
    /// What the run shows, those that cost most first.
    public var findings: [Finding] = []
}

/// Records a run: writes each interval at its end, runs COMMAND between the first and the last snapshot, and says in
/// run.json how the run ended, whatever happens.
public struct RecordEngine {
    private var source: any IntervalSource
    private let sinks: [any RunSink]
    private let command: (any RecordedCommand)?
    private var observer: any RecordObserver
    private let settle: () -> Void
    /// Why the run is ending, while COMMAND is still being waited for.
    private var ending: RunEnd?
    private var stopRequests = 0
    /// The record plane added up.
    private var records = RecordTotals()

    /// - Parameters:
    ///   - source: has begun.
    ///   - sinks: not published yet.
    ///   - settle: is called once, when COMMAND runs and nothing more will be started or attached.
    public init(
        source: any IntervalSource, sinks: [any RunSink], command: (any RecordedCommand)?, observer: any RecordObserver,
        settle: @escaping () -> Void = {}
    ) {
        self.settle = settle
        self.source = source
        self.sinks = sinks
        self.command = command
        self.observer = observer
    }

    /// Starts COMMAND, publishes the run and records to its end.
    /// - Throws: whatever failed; where COMMAND cannot be started nothing is left behind, afterwards run.json says
    ///   that the run failed.
    public mutating func run() throws -> RecordOutcome {
        try command?.start()
        settle()
        do { for sink in sinks { try sink.publish() } } catch {
            command?.send(SIGTERM)
            throw error
        }
        do {
            let (end, commandEnd) = try sample()
            if let last = try source.finish() { try record(last) }
            let workload = try command?.workload()
            let elapsed = source.summary?.elapsed ?? 0
            let findings = FindingEvidence(records, elapsed: elapsed).findings
            for sink in sinks { sink.conclude(findings) }
            if records.contradictions > 0 {
                observer.notice("\(records.contradictions) rows by actor went back, which none can: they were left out")
            }
            for sink in sinks {
                if let notice = try sink.close(end, command: commandEnd, workload: workload) { observer.notice(notice) }
            }
            return RecordOutcome(
                end: end, command: commandEnd, intervals: source.count, elapsed: elapsed, findings: findings)
        } catch {
            command?.send(SIGTERM)
            closeAsFailed(error)
            throw error
        }
    }

    private mutating func sample() throws -> (RunEnd, CommandEnd?) {
        while true {
            switch try source.next() {
            case .interval(let bundle):
                try record(bundle)
            case .over:
                guard let command else { return (.finished, nil) }
                ending = .finished
                command.send(SIGTERM)
            case .news(.stop(let signal, let fromTerminal)):
                guard let command else { return (.interrupted(signal), nil) }
                stop(command, signal, fromTerminal: fromTerminal)
            case .news(.childChanged):
                if let end = try command?.poll() { return (ending ?? .commandExited, end) }
            case .news:
                break
            }
        }
    }

    /// Passes a request to end on to COMMAND; asks harder each time.
    private mutating func stop(_ command: any RecordedCommand, _ signal: StopSignal, fromTerminal: Bool) {
        stopRequests += 1
        ending = ending ?? .interrupted(signal)
        switch stopRequests {
        case 1:
            // The terminal has sent its signal to COMMAND too.
            if !fromTerminal || !command.hearsTerminal { command.send(signal.number) }
            observer.notice("waiting for the command to end")
        case 2:
            command.send(SIGTERM)
            observer.notice("sent SIGTERM to the command; once more sends SIGKILL")
        default:
            command.send(SIGKILL)
        }
    }

    private mutating func record(_ bundle: IntervalBundle) throws {
        let summary = source.summary
        records.add(bundle.records, end: bundle.interval.endMonotonic)
        for sink in sinks {
            if let notice = try sink.append(bundle, summary: summary) { observer.notice(notice) }
        }
        observer.recorded(bundle.interval, summary: summary)
    }

    private mutating func closeAsFailed(_ error: any Error) {
        let message = (error as? any ExplainedError)?.message ?? "\(error)"
        for sink in sinks {
            do {
                if let notice = try sink.close(.failed(message: message), command: nil, workload: nil) {
                    observer.notice(notice)
                }
            } catch {
                let cause = (error as? any ExplainedError)?.message ?? "\(error)"
                observer.notice("what was recorded still says that the run was cut short: \(cause)")
            }
        }
    }
}

extension StopSignal {
    /// The number that kill(2) takes.
    var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        }
    }
}
