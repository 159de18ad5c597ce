import Glibc
import SystemCalls

/// Why a load was not run, or was stopped.
public enum WorkloadError: Error, Equatable, Sendable {
    /// The plan makes no sense; the text says why.
    case usage(String)
    /// The kernel does not permit the load here.
    case noPermission(FailedCall)
    /// A call failed in set-up or in the work.
    case failed(FailedCall)
    /// A signal came before the work began.
    case interrupted

    /// An error of a system call; EPERM and EACCES count as missing permission.
    init(call: String, path: String? = nil, errorNumber: Int32, hint: String? = nil) {
        let denied = errorNumber == EPERM || errorNumber == EACCES
        let known = hint ?? Self.hint(for: errorNumber)
        let failure = FailedCall(call: call, path: path, errorNumber: errorNumber, hint: known)
        self = denied ? .noPermission(failure) : .failed(failure)
    }

    private static func hint(for errorNumber: Int32) -> String? {
        switch errorNumber {
        case EPERM, EACCES: "run as root, with CAP_SYS_ADMIN and without a seccomp filter on mounts"
        case ENOSPC: "raise the sysctl fs.mount-max or user.max_mnt_namespaces, or ask for fewer mounts"
        case EAGAIN: "ask for fewer threads, or raise the limit of processes (ulimit -u, pids.max)"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n, fs.file-max)"
        case ENOMEM: "ask for fewer threads or mounts: memory has run out"
        default: nil
        }
    }
}

/// A system call that failed.
public struct FailedCall: Equatable, Sendable {
    /// The call, such as `mount(MS_BIND)`.
    public let call: String
    /// The path it was given, if it takes one.
    public let path: String?
    /// The errno value.
    public let errorNumber: Int32
    /// What to do about it, where that is known.
    public let hint: String?
}

extension WorkloadError: ExplainedError, CustomStringConvertible {
    /// The call, the path and the errno's text.
    public var message: String {
        switch self {
        case .usage(let text): text
        case .interrupted: "interrupted during the set-up: nothing was done, and its mounts are gone"
        case .noPermission(let failure), .failed(let failure): failure.description
        }
    }

    public var hint: String {
        switch self {
        case .usage, .interrupted: ""
        case .noPermission(let failure), .failed(let failure): failure.hint ?? ""
        }
    }

    public var description: String { message }
}

extension FailedCall: CustomStringConvertible {
    /// The call, the path and the errno's text, on one line.
    public var description: String {
        let place = path.map { " \($0)" } ?? ""
        return "\(call)\(place): \(Errno(errorNumber))"
    }
}
