import Contention
import JSON
import SystemCalls

/// Keeps a textfile at the state of a run: its sums so far, after every interval.
public final class TextfileWriter: RunSink {
    private let destination: TextDestination
    private let format: ExpositionFormat
    private let description: RunDescription
    private var latest: Interval?
    private var containers = ContainerFamilies()
    /// Whether the last attempt failed: a full disk is told once, not every second.
    private var isFailing = false

    public init(_ destination: TextDestination, format: ExpositionFormat, description: RunDescription) {
        self.destination = destination
        self.format = format
        self.description = description
    }

    /// Writes what is known before anything is measured.
    /// - Throws: `SystemFailure`.
    public func publish() throws { try write(isRecording: true) }

    /// Writes the sums. A file that cannot be written now may be again at the next interval: the run goes on.
    /// - Returns: what to tell the user; nil for nothing.
    /// - Throws: `SystemFailure` when nobody reads standard output any more.
    public func append(_ bundle: IntervalBundle, summary: Interval?) throws -> String? {
        latest = summary
        containers.add(bundle)
        do {
            try write(isRecording: true)
            isFailing = false
            return nil
        } catch {
            if destination == .standardOutput { throw error }
            defer { isFailing = true }
            return isFailing ? nil : "\(error.message); trying again after every interval"
        }
    }

    /// Writes the sums for the last time, and that nothing changes any more.
    /// - Throws: `SystemFailure`.
    public func close(_ end: RunEnd, command: CommandEnd?, workload: JSONValue?) throws -> String? {
        try write(isRecording: false)
        return nil
    }

    private func write(isRecording: Bool) throws(SystemFailure) {
        let state = RunFamilies(
            description: description, isRecording: isRecording, summary: latest,
            containers: containers.families)
        try destination.put(format.text(state.families.map { $0.labelled(MetricLabel("recorder", destination.label)) }))
    }
}
