import Glibc
import SystemCalls

/// The folder in which the runs of two commands are kept.
public struct VersusFolder: Sendable {
    /// As given, without slashes at its end.
    public let path: String

    /// Makes the folder unless it is there, and looks whether it can take the runs.
    /// - Parameter names: of the runs' folders, in their order.
    /// - Throws: `RunFolderError`.
    public init(_ path: String, _ names: [String]) throws(RunFolderError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.path = String(trimmed)
        try VersusFolder.make(trimmed)
        for name in names { _ = try run(name) }
    }

    /// The folder of a run. Each holds a descriptor: it is made when its run begins.
    /// - Throws: `RunFolderError`.
    func run(_ name: String) throws(RunFolderError) -> RunFolder {
        try RunFolder(path: "\(path)/\(name)", force: false)
    }

    private static func make(_ path: Substring) throws(RunFolderError) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? String(path)
        guard !name.isEmpty, name != ".", name != ".." else { return }
        do throws(Errno) {
            let parent = try TrustedPath.folder(slash.map { String(path[...$0]) } ?? "./", trusting: Invoker.trusted)
            guard try parent.status(of: name) == nil else { return }
            let made = try parent.makeFolder(name, mode: 0o700)
            if let invoker = Invoker.behindSudo { try made.give(to: invoker.user, group: invoker.group) }
        } catch {
            throw .unusable(RunFolder.failure("cannot create folder \"\(path)\"", error))
        }
    }
}
