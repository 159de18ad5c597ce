import Glibc
import SystemCalls

/// An output that would overwrite what is read, or a part of a recorded run. A usage error.
public struct OutputRefusal: ExplainedError, Equatable {
    public let message: String
    public var hint: String { "write to a file outside of the folders of runs" }
}

/// The files of the runs that a command reads, by device and inode: under whatever name, none of them is written to.
public struct RunInputs {
    private var files: Set<Folder.Identity> = []

    /// A run has fewer files.
    private static let maximumFiles = 100_000

    /// - Parameter runs: their folders; what is none is left to those who read it.
    public init(_ runs: [String]) {
        for run in runs {
            for name in RunInputs.names(in: run) {
                if let status = RunInputs.status({ () throws(Errno) in try Folder.Status(of: "\(run)/\(name)") }) {
                    files.insert(status.identity)
                }
            }
        }
    }

    /// - Throws: `OutputRefusal` for a file of the runs, and for a name that the files of a run have beside its run.json.
    public func check(_ destination: TextDestination) throws(OutputRefusal) {
        guard case .file(let file) = destination else { return try checkStandardOutput() }
        func named(_ path: String) -> Folder.Status? {
            RunInputs.status { () throws(Errno) in try Folder.Status(ofLink: path) }
        }
        let isInput = named(file.target.path).map { files.contains($0.identity) } ?? false
        let isPart = RunFolder.isFile(file.target.name) && named(file.target.folder + RunFolder.description) != nil
        if isInput || isPart { throw OutputRefusal(message: "\"\(file.path)\" is a file of a recorded run") }
    }

    /// - Throws: `OutputRefusal` where standard output is appended to a file of the runs.
    public func checkStandardOutput() throws(OutputRefusal) {
        var status = stat()
        guard fstat(STDOUT_FILENO, &status) == 0 else { return }
        let output = Folder.Status(status)
        guard output.isRegular, files.contains(output.identity) else { return }
        throw OutputRefusal(message: "standard output is a file of a run that is read")
    }

    /// - Throws: `OutputRefusal` for a file in a run's folder, whether that exists already or not, and for the folder itself.
    public static func check(_ destination: TextDestination, outside folder: String?) throws(OutputRefusal) {
        try RunInputs([]).check(destination)
        guard let folder, case .file(let file) = destination else { return }
        let run = canonical(folder)
        let parent = canonical(file.target.folder)
        guard parent == run || canonical(file.target.path) == run else { return }
        throw OutputRefusal(message: "\"\(file.path)\" lies in the folder of the run")
    }

    /// nil for what cannot be looked at: then it is neither read nor overwritten.
    private static func status(_ look: () throws(Errno) -> Folder.Status) -> Folder.Status? {
        do throws(Errno) { return try look() } catch { return nil }
    }

    /// An absolute path without links; its last part need not exist.
    private static func canonical(_ path: String) -> String {
        if let whole = resolved(path) { return whole }
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        let slash = trimmed.lastIndex(of: "/")
        let parent = slash.map { String(trimmed[...$0]) } ?? "./"
        let name = slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed
        return (resolved(parent) ?? parent) + "/" + name
    }

    private static func resolved(_ path: String) -> String? {
        guard let pointer = withSystemPath(path, { realpath($0, nil) }) else { return nil }
        defer { free(pointer) }
        return EscapedBytes.text(pointer)
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = withSystemPath(folder, { opendir($0) }),
            let offset = MemoryLayout<dirent>.offset(of: \.d_name)
        else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < maximumFiles, let entry = readdir(stream) {
            // Not through `pointee`: an entry is shorter than the struct when its name is.
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            names.append(EscapedBytes.text(name))
        }
        return names
    }
}

extension RunFolder {
    /// Whether the files of runs have such a name.
    static func isFile(_ name: String) -> Bool {
        if name == description { return true }
        return [intervals, histograms].contains { file in
            let stem = file.dropLast(4)
            return name == file || (name.hasPrefix("\(stem)-") && name.hasSuffix(".csv"))
        }
    }
}
