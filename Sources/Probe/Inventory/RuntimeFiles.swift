import Glibc
import SystemCalls

/// Files in which container runtimes keep names. Others may write them: regular ones of root's folders only, through no
/// link of a stranger, up to a size.
struct RuntimeFiles {
    /// What stands before the paths; not empty only in tests.
    let root: String
    /// Whose links are followed.
    var trusted: Set<uid_t> = [0]

    static let mostBytes = 4 << 20
    static let mostNames = 20_000

    /// The content of a file; nil where there is none that can be believed.
    func content(_ folder: String, _ name: String) -> [UInt8]? {
        do throws(Errno) {
            let file = try open(folder).open(name, O_RDONLY)
            guard try file.status().isRegular else { return nil }
            return try file.readToEnd(atMost: Self.mostBytes)
        } catch {
            return nil
        }
    }

    /// The names in a folder; none where there is no folder.
    func names(_ folder: String) -> [String] {
        do throws(Errno) { return try open(folder).names(atMost: Self.mostNames) } catch { return [] }
    }

    private func open(_ folder: String) throws(Errno) -> Folder {
        // The place alone cannot be read.
        try TrustedPath.folder(root + folder, trusting: trusted).folder(".")
    }
}
