import Contention
import Glibc
import SystemCalls

/// When a run goes on in new files.
public enum Rotation: Sendable, Equatable {
    /// Before the interval that would begin this many nanoseconds or more after the files' first one began.
    case time(UInt64)
    /// Before the next interval once a file has this many bytes or more.
    case size(Int)
}

/// The files that a run's rows go to, and those that are full.
///
/// All of them change together between two intervals, so that every file has whole intervals.
final class RowFiles {
    private let run: StagedRun
    private let rotation: Rotation?
    private(set) var intervals: RowFile
    private(set) var histograms: RowFile
    /// Nothing is added to these any more.
    private var full: [RecordedFile] = []
    private var part = 1
    /// CLOCK_MONOTONIC where the first interval of these files began, nanoseconds.
    private var start: UInt64

    /// Makes the first files, in the folder's staging place.
    /// - Throws: `SystemFailure`.
    init(_ run: StagedRun, rotation: Rotation?, start: UInt64) throws(SystemFailure) {
        self.run = run
        self.rotation = rotation
        self.start = start
        intervals = try RowFiles.intervals(1, in: run)
        histograms = try RowFiles.histograms(1, in: run)
    }

    /// Every file, those that are full first.
    var all: [RecordedFile] { full + [intervals.description, histograms.description] }

    /// Whether the interval that begins now belongs into new files.
    func isFull(_ now: UInt64) -> Bool {
        switch rotation {
        case .time(let limit): now - min(now, start) >= limit
        case .size(let limit): max(intervals.length, histograms.length) >= limit
        case nil: false
        }
    }

    /// Goes on in new files, in the folder itself.
    /// - Parameters:
    ///   - now: where the next interval begins.
    ///   - announce: is told of all full files before there are new ones.
    /// - Throws: `SystemFailure`; the full files are good.
    func rotate(_ now: UInt64, announce: ([RecordedFile]) throws(SystemFailure) -> Void) throws(SystemFailure) {
        try synchronize()
        try announce(all)
        full = all
        part += 1
        start = now
        histograms = try RowFiles.histograms(part, in: run)
        intervals = try RowFiles.intervals(part, in: run)
    }

    /// Waits until the rows are on the disk.
    /// - Throws: `SystemFailure`.
    func synchronize() throws(SystemFailure) {
        try intervals.synchronize()
        try histograms.synchronize()
    }

    private static func intervals(_ part: Int, in run: StagedRun) throws(SystemFailure) -> RowFile {
        try file(RunFolder.intervals, part, in: run, CSVRows(headerOf: IntervalRow.columns))
    }

    private static func histograms(_ part: Int, in run: StagedRun) throws(SystemFailure) -> RowFile {
        try file(RunFolder.histograms, part, in: run, CSVRows(headerOf: HistogramRow.columns))
    }

    private static func file(
        _ name: String, _ part: Int, in run: StagedRun, _ header: CSVRows
    ) throws(SystemFailure) -> RowFile {
        let name = RunFolder.name(name, part: part)
        return try RowFile(creating: name, in: run.folder, shownAs: "\(run.path)/\(name)", header: header)
    }
}
