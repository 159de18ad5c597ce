import Contention
import JSON
import SystemCalls

/// Keeps a textfile at the state of a run: its sums so far, after every interval.
public final class TextfileWriter: RunSink {
    private let file: Textfile
    private let format: ExpositionFormat
    private let description: RunDescription
    private var latest: Interval?
    /// Whether the last attempt failed: a full disk is told once, not every second.
    private var isFailing = false

    public init(file: Textfile, format: ExpositionFormat, description: RunDescription) {
        self.file = file
        self.format = format
        self.description = description
    }

    /// Writes what is known before anything is measured.
    /// - Throws: `SystemFailure`.
    public func publish() throws { try write(isRecording: true) }

    /// Writes the sums. A file that cannot be written now may be again at the next interval: the run goes on.
    /// - Returns: what to tell the user; nil for nothing.
    public func append(_ interval: Interval, summary: Interval?) -> String? {
        latest = summary
        do {
            try write(isRecording: true)
            isFailing = false
            return nil
        } catch {
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
        let state = RunFamilies(description: description, isRecording: isRecording, summary: latest)
        try file.replace(with: format.text(state.families))
    }
}
