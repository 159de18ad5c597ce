import Contention
import SystemCalls

/// Why two commands were not compared.
public enum VersusError: ExplainedError, Equatable {
    /// A command failed: what it was, in which run, and how it ended.
    case failed(what: String, end: CommandEnd)
    /// A signal came in a run.
    case interrupted(run: String, signal: StopSignal)

    public var message: String {
        switch self {
        case .failed(let what, .exited(let status)): "\(what) exited with status \(status)"
        case .failed(let what, .killed(let signal)): "\(what) was ended by signal \(signal)"
        case .interrupted(let run, let signal): "interrupted by \(signal.rawValue) in \(run)"
        }
    }

    public var hint: String {
        switch self {
        case .failed:
            "--show-output shows what it says; --ignore-failure compares commands that fail"
        case .interrupted: ""
        }
    }
}

/// The runs that were whole when it ended, and where they are.
public struct VersusEnded: ExplainedError {
    public let cause: any Error
    public let message: String
    public let hint: String

    init(_ cause: any Error, whole: Int, of total: Int, folder: String?) {
        self.cause = cause
        let told = (cause as? any ExplainedError)?.message ?? "\(cause)"
        let hint = (cause as? any ExplainedError)?.hint ?? ""
        let kept =
            folder.map { "whole runs kept in \"\($0)\": \(whole) of \(total)" }
            ?? "without --output nothing is kept"
        message = "\(told); \(kept)"
        let further = folder != nil && whole > 1 ? "compare them with `mountscope compare`" : ""
        self.hint = hint.isEmpty ? further : hint
    }
}
