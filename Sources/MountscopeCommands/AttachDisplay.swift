import Contention
import Probe
import SystemCalls
import Terminal

/// The user ended it while probes were being attached.
struct AttachInterrupted: ExplainedError {
    let message = "interrupted while probes were being attached; they are detached, and nothing was measured"
    let hint = ""
}

/// Tells on standard error how far attaching has come, where it takes long, and lets Ctrl-C end it.
final class AttachDisplay: AttachObserver {
    private var waiter: any Waiter
    private var line: ProgressLine

    init(waiter: any Waiter, output: Output = .error) {
        self.waiter = waiter
        line = ProgressLine(output)
    }

    func attaching(_ number: Int, of total: Int) throws {
        // A deadline that has passed: what waits is news, and nothing is waited for.
        switch try waiter.wait(until: 1) {
        case .stop, .key(.character("q")):
            clear()
            throw AttachInterrupted()
        default: break
        }
        line.show("attaching probe \(number) of \(total)")
    }

    /// Takes the line away.
    func clear() { line.clear() }
}
