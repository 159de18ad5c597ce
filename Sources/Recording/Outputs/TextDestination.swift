import Glibc
import SystemCalls

/// What a user names as the place of a whole text: a file, or standard output.
public enum TextDestination: Sendable, Equatable {
    case standardOutput
    case file(Textfile)

    /// `-`, and the names that the system has for standard output: as files they would be replaced by a rename.
    public static let namesOfStandardOutput: Set<String> = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]

    /// - Parameter isForEverybody: whether a file's mode is 0644 whatever the umask.
    /// - Throws: `SystemFailure` where a file cannot be made.
    public init(_ path: String, isForEverybody: Bool = false) throws(SystemFailure) {
        self =
            TextDestination.namesOfStandardOutput.contains(path)
            ? .standardOutput : .file(try Textfile(path: path, isForEverybody: isForEverybody))
    }

    /// As the user reads it.
    public var name: String {
        switch self {
        case .standardOutput: "standard output"
        case .file(let file): file.path
        }
    }

    /// The file's name without folder and ending, `stdout` for standard output: what tells two of them apart.
    var label: String {
        guard case .file(let file) = self else { return "stdout" }
        let name = file.path.split(separator: "/").last ?? ""
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
    }

    /// Replaces the file, or adds the text to standard output.
    /// - Throws: `SystemFailure`; a file then is as it was.
    public func put(_ text: String) throws(SystemFailure) {
        switch self {
        case .file(let file): try file.replace(with: text)
        case .standardOutput:
            do { try writeAll(Array(text.utf8)[...], to: STDOUT_FILENO) } catch {
                throw SystemFailure("cannot write to standard output", error)
            }
        }
    }
}
