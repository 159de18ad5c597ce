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
    /// Levels of the report: it becomes a part of run.json, which must stay readable.
    static let maximumDepth = 32
    private static let name = "mountscope-workload"
    private let memory: FileDescriptor

    /// Makes the memory.
    /// - Throws: `SystemFailure`.
    public init() throws(SystemFailure) {
        do {
            let memory = FileDescriptor(
                owning: try retryingInterrupted { clinux_memory_file(WorkloadSlot.name) })
            // The seal is the mark by which `deliver` knows a slot.
            try retryingInterrupted { clinux_forbid_seals(memory.number) }
            self.memory = memory
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
        guard let bytes = try memory.readToEnd(atMost: WorkloadSlot.maximumBytes), !bytes.isEmpty else { return nil }
        do {
            guard case .object(let members) = try JSONValue.parse(bytes, depth: WorkloadSlot.maximumDepth) else {
                return nil
            }
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
        guard let file = try open(path) else { return false }
        try file.truncate(to: 0)
        try file.write(Array(json.utf8))
        return true
    }

    /// Opens a slot to write into; nil for anything else, which stays as it is.
    ///
    /// What the path leads to is looked at by a descriptor that cannot be exchanged, and only then opened through that.
    static func open(_ path: String, meanwhile: () -> Void = {}) throws(Errno) -> FileDescriptor? {
        let place: FileDescriptor
        do throws(Errno) { place = try FileDescriptor.open(path, CLINUX_O_PATH) } catch { return nil }
        guard try place.status().isRegular, place.currentPath?.hasPrefix("/memfd:\(name)") == true else { return nil }
        meanwhile()
        let file: FileDescriptor
        do throws(Errno) {
            file = try FileDescriptor.open("/proc/self/fd/\(place.number)", O_WRONLY | O_NONBLOCK)
        } catch {
            return nil
        }
        return clinux_has_forbidden_seals(file.number) != 0 ? file : nil
    }
}
