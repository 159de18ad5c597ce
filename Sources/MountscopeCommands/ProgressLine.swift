import SystemCalls
import Terminal

/// A line on a terminal that is written anew in its place, for what takes longer than half a second.
struct ProgressLine {
    private let output: Output
    private let began = Clocks.monotonic()
    /// CLOCK_MONOTONIC, nanoseconds: when it was last written; 0 where it does not stand.
    private var shown: UInt64 = 0

    /// What is over sooner, in nanoseconds, is not worth a line.
    private static let patience: UInt64 = 500_000_000
    private static let refresh: UInt64 = 100_000_000

    init(_ output: Output) { self.output = output }

    mutating func show(_ text: @autoclosure () -> String) {
        let now = Clocks.monotonic()
        guard now - began > ProgressLine.patience, now - shown > ProgressLine.refresh, output.takesSequences else {
            return
        }
        put(text())
    }

    /// Writes the line whatever the time is; nothing where a terminal cannot rewrite it.
    mutating func put(_ text: String) {
        guard output.takesSequences else { return }
        shown = Clocks.monotonic()
        write("\r" + String(text.prefix(output.columns - 1)) + Escape.clearLine)
    }

    /// Writes a line that stays, in its place.
    mutating func say(_ text: String) {
        write((shown != 0 ? "\r" + Escape.clearLine : "") + text + "\n")
        shown = 0
    }

    /// Takes the line away.
    mutating func clear() {
        if shown != 0 { write("\r" + Escape.clearLine) }
        shown = 0
    }

    private func write(_ text: String) {
        do { try output.write(text) } catch {
            // The work goes on although nobody watches it.
        }
    }
}
