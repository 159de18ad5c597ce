import SystemCalls
import Terminal
import Workload

/// Tells on a terminal how far a load's set-up has come, where it takes long.
final class LoadDisplay {
    private var line: ProgressLine

    init(output: Output = .error) { line = ProgressLine(output) }

    func show(_ phase: SetupPhase, _ done: Int, _ total: Int) {
        line.show("load: set-up: \(phase.rawValue) \(done) of \(total)")
    }

    /// Takes the line away.
    func clear() { line.clear() }
}
