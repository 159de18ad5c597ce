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
    /// In the order of `RunTables.all`.
    private(set) var current: [RowFile]
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
        current = try RowFiles.files(1, in: run)
    }

    /// Every file, those that are full first.
    var all: [RecordedFile] { full + current.map(\.description) }

    /// Whether the interval that begins now belongs into new files.
    func isFull(_ now: UInt64) -> Bool {
        switch rotation {
        case .time(let limit): now - min(now, start) >= limit
        case .size(let limit): current.contains { $0.length >= limit }
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
        current = try RowFiles.files(part, in: run)
    }

    /// Waits until the rows are on the disk.
    /// - Throws: `SystemFailure`.
    func synchronize() throws(SystemFailure) {
        for file in current { try file.synchronize() }
    }

    /// The file of a table.
    /// - Parameter name: of its first part.
    func file(_ name: String) -> RowFile? {
        zip(RunTables.all, current).first { $0.0.file == name }?.1
    }

    private static func files(_ part: Int, in run: StagedRun) throws(SystemFailure) -> [RowFile] {
        var files: [RowFile] = []
        // The first comes last, as its rows do: a recorder that is killed here leaves no first file without the others.
        for entry in RunTables.all.reversed() {
            let name = RunFolder.name(entry.file, part: part)
            files.append(
                try RowFile(
                    creating: name, in: run.folder, shownAs: "\(run.path)/\(name)", header: entry.header))
        }
        return files.reversed()
    }
}
