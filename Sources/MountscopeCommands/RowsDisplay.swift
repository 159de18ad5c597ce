import Contention
import Recording
import Terminal

/// The live view as rows for programs: those of intervals.csv, each interval's at its end.
final class RowsDisplay: LiveDisplay {
    private let format: RowFormat
    private let run: String
    private let onlineCPUs: Set<Int>
    private let output: Output
    private var isFirst = true

    /// - Parameter run: the identifier that every row repeats.
    init(_ format: RowFormat, run: String, host: HostConditions, _ output: Output) {
        self.format = format
        self.run = run
        onlineCPUs = Set(host.onlineCPUs)
        self.output = output
    }

    func show(_ interval: Interval, summary: Interval) throws {
        try output.write(format.interval(interval, run: run, onlineCPUs: onlineCPUs, isFirst: isFirst))
        isFirst = false
    }

    func redraw() {}

    func suspend() {}

    func press(_ key: Key) -> DisplayRequest? { nil }

    func finish(_ summary: Interval?, intervals: Int) {}
}
