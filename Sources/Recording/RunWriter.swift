import Contention
import Glibc
import JSON
import SystemCalls

/// Writes one run: run.json at its start and end, rows at the end of each interval.
public final class RunWriter {
    private let folder: RunFolder
    private let description: RunDescription
    private let onlineCPUs: Set<Int>
    let intervals: RowFile
    private let histograms: RowFile
    private var isPublished = false
    private var lastMonotonic: UInt64
    private var lastRealtime: Int64
    private var changes = ModeChanges()
    /// Intervals written.
    public private(set) var count = 0

    /// How rows are laid down.
    public struct Options: Sendable {
        public init() {}
    }

    /// The run's folder.
    public var path: String { folder.path }

    /// Makes the files, out of sight until `publish()`.
    /// - Throws: `RunFolderError` or `SystemFailure`; nothing is left behind.
    public init(folder: RunFolder, description: RunDescription, options: Options = Options()) throws {
        self.folder = folder
        self.description = description
        onlineCPUs = Set(description.host.onlineCPUs)
        lastMonotonic = description.startMonotonic
        lastRealtime = description.startRealtime
        try folder.stage()
        do {
            intervals = try RunWriter.rows(RunFolder.intervals, in: folder, CSVRows(headerOf: IntervalRow.columns))
            histograms = try RunWriter.rows(RunFolder.histograms, in: folder, CSVRows(headerOf: HistogramRow.columns))
            try RunWriter.write(description.json(nil), to: "\(folder.staging)/\(RunFolder.description)")
        } catch {
            folder.discardStaged()
            throw error
        }
    }

    deinit {
        if !isPublished { folder.discardStaged() }
    }

    /// Makes the run appear under its name, saying that it runs.
    /// - Throws: `RunFolderError`.
    public func publish() throws(RunFolderError) {
        try folder.publish()
        isPublished = true
    }

    /// Writes an interval's rows.
    /// - Throws: `SystemFailure`; the rows before are good.
    public func append(_ interval: Interval) throws(SystemFailure) {
        // The buckets first: an interval whose rows are all there has all its buckets.
        var rows = CSVRows()
        HistogramRow.append(interval, run: description.id, to: &rows)
        try histograms.append(rows)
        rows = CSVRows()
        IntervalRow.append(interval, run: description.id, onlineCPUs: onlineCPUs, to: &rows)
        try intervals.append(rows)
        _ = changes.follow(interval)
        count += 1
        lastMonotonic = interval.endMonotonic
        lastRealtime = interval.endRealtime
    }

    /// Says in run.json how the run ended.
    /// - Parameter workload: what COMMAND said that it did, an object.
    /// - Throws: `SystemFailure`; run.json then still says that the run was cut short.
    public func close(_ end: RunEnd, command: CommandEnd?, workload: JSONValue? = nil) throws(SystemFailure) {
        let closing = RunClosing(
            end: end, command: command, workload: workload, intervals: count, monotonic: lastMonotonic,
            realtime: lastRealtime, changes: changes.all)
        try intervals.synchronize()
        try histograms.synchronize()
        let path = "\(folder.path)/\(RunFolder.description)"
        let temporary = "\(path).new"
        do {
            let files = [intervals.description, histograms.description]
            try RunWriter.write(description.json(closing, files: files), to: temporary)
            try RunWriter.replace(path, with: temporary)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func rows(_ name: String, in folder: RunFolder, _ header: CSVRows) throws(SystemFailure) -> RowFile {
        try RowFile(creating: "\(folder.staging)/\(name)", shownAs: "\(folder.path)/\(name)", header: header)
    }

    private static func write(_ json: JSONValue, to path: String) throws(SystemFailure) {
        do {
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(Array((json.formatted + "\n").utf8))
            try file.synchronize()
        } catch {
            throw SystemFailure("cannot write \"\(path)\"", error, hint: Hint.forWriting(error))
        }
    }

    private static func replace(_ path: String, with temporary: String) throws(SystemFailure) {
        do { try retryingInterrupted { rename(temporary, path) } } catch {
            throw SystemFailure("cannot write \"\(path)\"", error, hint: Hint.forWriting(error))
        }
    }
}
