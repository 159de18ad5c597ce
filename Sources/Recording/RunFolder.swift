import Glibc
import SystemCalls

/// Why a folder cannot take a run.
public enum RunFolderError: ExplainedError, Equatable {
    case exists(String)
    /// There is something, and it is no run: not even `--force` replaces it.
    case notARun(String)
    /// The folder is another user's.
    case strangers(String)
    case unusable(SystemFailure)

    public var message: String {
        switch self {
        case .exists(let path): "\"\(path)\" exists already"
        case .notARun(let path): "\"\(path)\" exists and is no run of mountscope"
        case .strangers(let path): "\"\(path)\" is the folder of another user"
        case .unusable(let failure): failure.message
        }
    }

    public var hint: String {
        switch self {
        case .exists: "choose another folder, or replace this run with --force"
        case .notARun: "choose another folder; --force replaces nothing but runs"
        case .strangers:
            "choose another folder; --force replaces runs in folders of root and of the user behind sudo only"
        case .unusable(let failure): failure.hint
        }
    }
}

/// Where a run goes: a folder that does not exist yet or, by force, one that holds a run.
///
/// The folder above it, or the folder with the older run, is opened here, once: what others rename or replace afterwards
/// leads no file elsewhere.
public struct RunFolder: Sendable {
    static let description = "run.json"
    static let intervals = "intervals.csv"
    static let histograms = "hist.csv"
    /// In the order they are put in place: run.json first, because a new one says that the run is not complete.
    package static let files = [description] + RunTables.all.map(\.file)

    /// The name of a rotated file's part: `intervals.csv`, `intervals-2.csv`.
    static func name(_ name: String, part: Int) -> String {
        part == 1 ? name : "\(name.dropLast(4))-\(part).csv"
    }

    /// As given, without slashes at its end.
    public let path: String
    private let parent: Folder
    /// The last part of the path.
    private let name: String
    /// With the older run; nil where there is none.
    private let older: Folder?

    /// Looks whether the folder can be used; changes nothing.
    /// - Throws: when it exists and is not to be replaced.
    public init(path: String, force: Bool) throws(RunFolderError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.path = String(trimmed)
        let slash = trimmed.lastIndex(of: "/")
        name = slash.map { String(trimmed[trimmed.index(after: $0)...]) } ?? self.path
        let above = slash.map { String(trimmed[...$0]) } ?? "./"
        do throws(Errno) {
            parent = try TrustedPath.folder(above, trusting: Invoker.trusted)
        } catch {
            throw .unusable(RunFolder.failure("cannot create folder \"\(self.path)\"", error))
        }
        guard let status = try RunFolder.status(of: name, in: parent, self.path) else {
            older = nil
            try RunFolder.checkWritable(above, self.path)
            return
        }
        guard force else { throw .exists(self.path) }
        guard status.isFolder else { throw .notARun(self.path) }
        older = try RunFolder.openOlder(name, in: parent, self.path)
    }

    /// Makes a folder for the files, out of sight.
    func stage() throws(RunFolderError) -> StagedRun {
        // Not to be guessed, so that nobody can be there first.
        let hidden: String
        do { hidden = ".partial-\(try RunIdentifier.random())" } catch { throw .unusable(error) }
        do throws(Errno) {
            let place = older ?? parent
            return StagedRun(
                staging: try place.makeFolder(hidden, mode: 0o700), hidden: hidden, place: place, name: name,
                replacesRun: older != nil, path: path)
        } catch {
            throw .unusable(RunFolder.failure("cannot create folder \"\(path)\"", error))
        }
    }

    static func failure(_ doing: String, _ error: Errno) -> SystemFailure {
        if error.code == EXDEV {
            return SystemFailure(
                message: "\(doing): the path leads through a link of another user",
                hint: "name the folder that the link leads to")
        }
        return SystemFailure(doing, error, hint: Hint.forWriting(error))
    }

    private static func status(
        of name: String, in parent: Folder, _ path: String
    ) throws(RunFolderError) -> Folder.Status? {
        do { return try parent.status(of: name) } catch { throw .unusable(failure("cannot use \"\(path)\"", error)) }
    }

    /// Finds out before anything is attached what would fail afterwards.
    private static func checkWritable(_ parent: String, _ path: String) throws(RunFolderError) {
        do { try retryingInterrupted { withSystemPath(parent) { access($0, W_OK | X_OK) } } } catch {
            throw .unusable(failure("cannot create folder \"\(path)\"", error))
        }
    }

    private static func openOlder(_ name: String, in parent: Folder, _ path: String) throws(RunFolderError) -> Folder {
        let folder: Folder
        let owner: uid_t
        let isRun: Bool
        do throws(Errno) {
            folder = try parent.folder(name)
            owner = try folder.status().owner
            isRun = try OlderRun.isOne(folder)
        } catch {
            throw .unusable(SystemFailure("cannot read \"\(path)/\(description)\"", error))
        }
        guard Invoker.trusted.contains(owner) else { throw .strangers(path) }
        guard isRun else { throw .notARun(path) }
        return folder
    }
}
