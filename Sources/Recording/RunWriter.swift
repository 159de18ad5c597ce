import Contention
import JSON
import SystemCalls

/// Writes one run: run.json at its start and end, rows at the end of each interval.
public final class RunWriter {
    private let run: StagedRun
    private let description: RunDescription
    private let options: Options
    private let onlineCPUs: Set<Int>
    let rows: RowFiles
    private var sparse: SparseRows?
    private var lastMonotonic: UInt64
    private var lastRealtime: Int64
    private var changes: [ModeChanges.Change] = []
    private var reasons: [SeriesReason] = []
    private var findings: [Finding] = []
    private var impossibleRows = 0
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
    public var path: String { run.path }

    /// Makes the files, out of sight until `publish()`.
    /// - Throws: `RunFolderError` or `SystemFailure`; nothing is left behind.
    public init(folder: RunFolder, description: RunDescription, options: Options = Options()) throws {
        self.description = description
        self.options = options
        sparse = options.isSparse ? SparseRows() : nil
        onlineCPUs = Set(description.host.onlineCPUs)
        lastMonotonic = description.startMonotonic
        lastRealtime = description.startRealtime
        run = try folder.stage()
        rows = try RowFiles(run, rotation: options.rotation, start: description.startMonotonic)
        try describe(nil, [])
    }

    /// Makes the run appear under its name, saying that it runs.
    /// - Throws: `RunFolderError`.
    public func publish() throws(RunFolderError) { try run.publish() }

    /// Writes an interval's rows.
    /// - Throws: `SystemFailure`; the rows before are good.
    public func append(_ bundle: IntervalBundle) throws(SystemFailure) {
        let interval = bundle.interval
        if rows.isFull(lastMonotonic) {
            try rows.rotate(lastMonotonic) { files throws(SystemFailure) in try describe(nil, files) }
            sparse?.startOver()
        }
        // The records and the buckets first: an interval whose rows are all there has all of them.
        for table in RunTables.all {
            if let cells = table.rows { try rows.file(table.file)?.append(cells(bundle, description.id)) }
        }
        var buckets = CSVRows()
        HistogramTable.append(interval, run: description.id, to: &buckets)
        try rows.file(RunFolder.histograms)?.append(buckets)
        var table = CSVRows()
        IntervalTable.append(interval, run: description.id, onlineCPUs: onlineCPUs, sparse: &sparse, to: &table)
        try rows.file(RunFolder.intervals)?.append(table)
        changes += interval.changes
        impossibleRows += bundle.records.contradictions
        reasons = interval.series.compactMap { one in one.reason.map { SeriesReason(key: one.key, reason: $0) } }
        count += 1
        lastMonotonic = interval.endMonotonic
        lastRealtime = interval.endRealtime
    }

    /// Takes what the whole run shows, for run.json.
    public func conclude(_ findings: [Finding]) { self.findings = findings }

    /// Says in run.json how the run ended.
    /// - Parameter workload: what COMMAND said that it did, an object.
    /// - Returns: what to tell the user: where the run is, when somebody moved it away meanwhile; nil for nothing.
    /// - Throws: `SystemFailure`; run.json then still says that the run was cut short.
    @discardableResult
    public func close(
        _ end: RunEnd, command: CommandEnd?, workload: JSONValue? = nil
    ) throws(SystemFailure) -> String? {
        let closing = RunClosing(
            end: end, command: command, workload: workload, intervals: count, monotonic: lastMonotonic,
            realtime: lastRealtime, changes: changes, reasons: reasons, findings: findings,
            impossibleRows: impossibleRows)
        try rows.synchronize()
        try describe(closing, rows.all)
        do { try run.handOver([RunFolder.description] + rows.all.map(\.name)) } catch {
            throw SystemFailure("cannot give \"\(run.path)\" to the user behind sudo", error)
        }
        return run.elsewhere.map { "\"\(run.path)\" was moved or replaced during the run; the run is in \"\($0)\"" }
    }

    /// Writes run.json anew.
    private func describe(_ closing: RunClosing?, _ files: [RecordedFile]) throws(SystemFailure) {
        let bytes = description.bytes(closing, files: files, isSparse: options.isSparse)
        do { try run.replace(RunFolder.description, with: bytes) } catch {
            throw SystemFailure(
                "cannot write \"\(run.path)/\(RunFolder.description)\"", error, hint: Hint.forWriting(error))
        }
    }
}
