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
    private let output: Output
    private var waiter: any Waiter
    private let began = Clocks.monotonic()
    /// CLOCK_MONOTONIC, nanoseconds: when the line was last written.
    private var shown: UInt64 = 0

    /// What is over sooner, in nanoseconds, is not worth a line.
    private static let patience: UInt64 = 500_000_000
    private static let refresh: UInt64 = 100_000_000

    init(waiter: any Waiter, output: Output = .error) {
        self.waiter = waiter
        self.output = output
    }

    func attaching(_ number: Int, of total: Int) throws {
        // A deadline that has passed: what waits is news, and nothing is waited for.
        switch try waiter.wait(until: 1) {
        case .stop, .key(UInt8(ascii: "q")):
            clear()
            throw AttachInterrupted()
        default: break
        }
        let now = Clocks.monotonic()
        guard output.isTerminal, now - began > AttachDisplay.patience, now - shown > AttachDisplay.refresh else {
            return
        }
        shown = now
        write("\r" + String("attaching probe \(number) of \(total)".prefix(output.columns - 1)) + Escape.clearLine)
    }

    /// Takes the line away.
    func clear() {
        if shown != 0 { write("\r" + Escape.clearLine) }
        shown = 0
    }

    private func write(_ text: String) {
        do { try output.write(text) } catch {
            // Attaching goes on although nobody watches it.
        }
    }
}
