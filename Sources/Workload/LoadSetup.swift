import Glibc

/// How far a load has come before its work begins.
public enum SetupPhase: String, Sendable {
    /// Mounts of the sandbox.
    case mounts
    /// Threads that are ready.
    case threads
}

/// What is asked at every step of a load's set-up: whether to go on; and told how far it has come.
struct LoadSetup {
    let signals: StopSignals
    /// The phase, the steps done, and how many there are.
    let progress: (SetupPhase, Int, Int) -> Void

    /// - Throws: `WorkloadError.interrupted` when SIGINT or SIGTERM has come.
    func step(_ phase: SetupPhase, _ done: Int, of total: Int) throws(WorkloadError) {
        let signal = signals.next(withinNanoseconds: 0)
        if signal == SIGINT || signal == SIGTERM { throw .interrupted }
        progress(phase, done, total)
    }
}
