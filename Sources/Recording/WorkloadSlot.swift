import CLinux
import Glibc
import JSON
import SystemCalls

/// Where COMMAND may leave, as a JSON object, what it did; it becomes `workload` in run.json.
///
/// The environment of COMMAND names it. It is memory of the recorder, not a file of the run: the run is not in its place
/// yet when COMMAND starts, and nothing is left behind by a command that never writes.
public final class WorkloadSlot {
    /// The variable in COMMAND's environment.
    public static let variable = "MOUNTSCOPE_WORKLOAD"
    /// More is no report.
    static let maximumBytes = 1 << 20
    private static let name = "mountscope-workload"
    private let memory: FileDescriptor

    /// Makes the memory.
    /// - Throws: `SystemFailure`.
    public init() throws(SystemFailure) {
        do {
            memory = FileDescriptor(
                owning: try retryingInterrupted { clinux_memory_file(WorkloadSlot.name) })
        } catch {
            throw SystemFailure("cannot make room for the command's report", error)
        }
    }

    /// `MOUNTSCOPE_WORKLOAD=/proc/PID/fd/NUMBER`
    var environment: String { "\(WorkloadSlot.variable)=/proc/\(getpid())/fd/\(memory.number)" }

    /// What COMMAND left.
    /// - Returns: nil where it left nothing, or what is no JSON object.
    /// - Throws: read's errno.
    func content() throws(Errno) -> JSONValue? {
        try retryingInterrupted { lseek(memory.number, 0, SEEK_SET) }
        let bytes = try memory.readToEnd()
        guard !bytes.isEmpty, bytes.count <= WorkloadSlot.maximumBytes else { return nil }
        do {
            guard case .object(let members) = try JSONValue.parse(bytes) else { return nil }
            return .object(members)
        } catch {
            return nil
        }
    }

    /// Hands a report to the recorder that runs this process; does nothing where none does.
    /// - Parameter json: one object.
    /// - Returns: false when there is one that cannot be reached from here.
    /// - Throws: write's errno.
    public static func deliver(_ json: String) throws(Errno) -> Bool {
        guard let value = getenv(variable) else { return true }
        let path = String(cString: value)
        // In another PID namespace the path names somebody else's file, or none.
        guard isSlot(path) else { return false }
        let file = try FileDescriptor.open(path, O_WRONLY | O_TRUNC)
        try file.write(Array(json.utf8))
        return true
    }

    private static func isSlot(_ path: String) -> Bool {
        var target = [CChar](repeating: 0, count: 64)
        guard readlink(path, &target, target.count - 1) > 0 else { return false }
        return "/memfd:\(name)".utf8CString.dropLast().elementsEqual(target.prefix("/memfd:\(name)".utf8.count))
    }
}
