import Contention
import Glibc
import JSON
import SystemCalls

/// Writes one run: run.json at its start and end, rows at the end of each interval.
public final class RunWriter {
    private let folder: RunFolder
    private let description: RunDescription
    private let options: Options
    private let onlineCPUs: Set<Int>
    let rows: RowFiles
    private var sparse: SparseRows?
    private var isPublished = false
    private var lastMonotonic: UInt64
    private var lastRealtime: Int64
    private var changes: [ModeChanges.Change] = []
    private var reasons: [SeriesReason] = []
    /// Intervals written.
    public private(set) var count = 0

    /// How rows are laid down.
    public struct Options: Sendable {
        /// nil for one file however long the run is.
        public var rotation: Rotation?
        /// Whether rows are left out where nothing happened.
        public var isSparse = false

        public init() {}
    }

    /// The run's folder.
    public var path: String { folder.path }

    /// Makes the files, out of sight until `publish()`.
    /// - Throws: `RunFolderError` or `SystemFailure`; nothing is left behind.
    public init(folder: RunFolder, description: RunDescription, options: Options = Options()) throws {
        self.folder = folder
        self.description = description
        self.options = options
        sparse = options.isSparse ? SparseRows() : nil
        onlineCPUs = Set(description.host.onlineCPUs)
        lastMonotonic = description.startMonotonic
        lastRealtime = description.startRealtime
        try folder.stage()
        do {
            rows = try RowFiles(folder: folder, rotation: options.rotation, start: description.startMonotonic)
            let bytes = description.bytes(nil, isSparse: options.isSparse)
            try RunWriter.write(bytes, to: "\(folder.staging)/\(RunFolder.description)")
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
        if rows.isFull(lastMonotonic) {
            try rows.rotate(lastMonotonic) { files throws(SystemFailure) in try describe(nil, files) }
            sparse?.startOver()
        }
        // The buckets first: an interval whose rows are all there has all its buckets.
        var buckets = CSVRows()
        HistogramRow.append(interval, run: description.id, to: &buckets)
        try rows.histograms.append(buckets)
        var table = CSVRows()
        IntervalRow.append(interval, run: description.id, onlineCPUs: onlineCPUs, sparse: &sparse, to: &table)
        try rows.intervals.append(table)
        changes += interval.changes
        reasons = interval.series.compactMap { one in one.reason.map { SeriesReason(key: one.key, reason: $0) } }
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
            realtime: lastRealtime, changes: changes, reasons: reasons)
        try rows.synchronize()
        try describe(closing, rows.all)
    }

    /// Writes run.json anew.
    private func describe(_ closing: RunClosing?, _ files: [RecordedFile]) throws(SystemFailure) {
        let path = "\(folder.path)/\(RunFolder.description)"
        let temporary = "\(path).new"
        do {
            let bytes = description.bytes(closing, files: files, isSparse: options.isSparse)
            try RunWriter.write(bytes, to: temporary)
            try RunWriter.replace(path, with: temporary)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
        do {
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes)
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
