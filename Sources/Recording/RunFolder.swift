import Glibc
import JSON
import SystemCalls

/// Why a folder cannot take a run.
public enum RunFolderError: ExplainedError, Equatable {
    case exists(String)
    /// There is something, and it is no run: not even `--force` replaces it.
    case notARun(String)
    case unusable(SystemFailure)

    public var message: String {
        switch self {
        case .exists(let path): "\"\(path)\" exists already"
        case .notARun(let path): "\"\(path)\" exists and is no run of mountscope"
        case .unusable(let failure): failure.message
        }
    }

    public var hint: String {
        switch self {
        case .exists: "choose another folder, or replace this run with --force"
        case .notARun: "choose another folder; --force replaces nothing but runs"
        case .unusable(let failure): failure.hint
        }
    }
}

/// Where a run goes: a folder that does not exist yet or, by force, one that holds a run.
///
/// The files are made in a folder beside or inside it and moved when all of them are there, so that a failure leaves
/// nothing behind and an older run unharmed.
public struct RunFolder: Sendable, Equatable {
    static let description = "run.json"
    static let intervals = "intervals.csv"
    static let histograms = "hist.csv"
    /// In the order they are put in place: run.json first, because a new one says that the run is not complete.
    static let files = [description, intervals, histograms]

    /// The name of a rotated file's part: `intervals.csv`, `intervals-2.csv`.
    static func name(_ name: String, part: Int) -> String {
        part == 1 ? name : "\(name.dropLast(4))-\(part).csv"
    }

    /// As given, without slashes at its end.
    public let path: String
    let replacesRun: Bool

    /// Looks whether the folder can be used; changes nothing.
    /// - Throws: when it exists and is not to be replaced.
    public init(path: String, force: Bool) throws(RunFolderError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.path = String(trimmed)
        guard try RunFolder.exists(self.path) else {
            replacesRun = false
            try RunFolder.checkParent(of: self.path)
            return
        }
        guard force else { throw .exists(self.path) }
        guard try RunFolder.holdsRun(self.path) else { throw .notARun(self.path) }
        replacesRun = true
    }

    /// Where the files are made. The process's number keeps two recorders apart.
    var staging: String { replacesRun ? "\(path)/.partial-\(getpid())" : "\(path).partial-\(getpid())" }

    /// Makes the staging folder.
    func stage() throws(RunFolderError) {
        try attempt("cannot create folder \"\(path)\"") { mkdir(staging, 0o755) }
    }

    /// Puts the staged files in place.
    func publish() throws(RunFolderError) {
        let doing = "cannot put the run into \"\(path)\""
        guard replacesRun else { return try attempt(doing) { rename(staging, path) } }
        for name in RunFolder.files {
            try attempt(doing) { rename("\(staging)/\(name)", "\(path)/\(name)") }
            // Later parts of the older run would be taken for this one's.
            if name != RunFolder.description { try removeParts(name) }
        }
        try attempt(doing) { rmdir(staging) }
    }

    private func removeParts(_ name: String) throws(RunFolderError) {
        var part = 2
        while try RunFolder.exists("\(path)/\(RunFolder.name(name, part: part))") {
            try attempt("cannot replace the run in \"\(path)\"") {
                unlink("\(path)/\(RunFolder.name(name, part: part))")
            }
            part += 1
        }
    }

    /// Removes the staged files, as far as there are any.
    func discardStaged() {
        for name in RunFolder.files { unlink("\(staging)/\(name)") }
        rmdir(staging)
    }

    private static func exists(_ path: String) throws(RunFolderError) -> Bool {
        var status = stat()
        do {
            try retryingInterrupted { lstat(path, &status) }
            return true
        } catch {
            if error.code == ENOENT { return false }
            throw .unusable(SystemFailure("cannot use \"\(path)\"", error, hint: Hint.forWriting(error)))
        }
    }

    /// Finds out before anything is attached what would fail afterwards.
    private static func checkParent(of path: String) throws(RunFolderError) {
        let parent = path.lastIndex(of: "/").map { path[..<$0] + "/" } ?? "./"
        do { try retryingInterrupted { access(String(parent), W_OK | X_OK) } } catch {
            throw .unusable(SystemFailure("cannot create folder \"\(path)\"", error, hint: Hint.forWriting(error)))
        }
    }

    private static func holdsRun(_ path: String) throws(RunFolderError) -> Bool {
        let bytes: [UInt8]
        do {
            bytes = try readFile("\(path)/\(description)")
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return false }
            throw .unusable(SystemFailure("cannot read \"\(path)/\(description)\"", error))
        }
        do {
            return try JSONValue.parse(bytes)["schema"]?.string == RunDescription.schema
        } catch {
            return false
        }
    }

    private func attempt(_ doing: String, _ call: () -> Int32) throws(RunFolderError) {
        do { try retryingInterrupted(call) } catch {
            throw .unusable(SystemFailure(doing, error, hint: Hint.forWriting(error)))
        }
    }
}
