import SystemCalls

/// Why the kernel could not be probed, and what to do about it.
public struct ProbeError: ExplainedError, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The user may not: exit status 77.
        case notPermitted
        /// This kernel lacks what is required: exit status 69.
        case unavailable
        /// Something else failed: exit status 1.
        case failed
    }

    public let kind: Kind
    public let message: String
    /// Empty where there is nothing to advise.
    public let hint: String

    public init(_ kind: Kind, _ message: String, hint: String = "") {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var description: String { message }

    static let needsRoot =
        "run mountscope as root, or give it CAP_SYSLOG (kernel addresses), CAP_SYS_ADMIN (a mount that proves mount_lock), "
        + "CAP_BPF and CAP_PERFMON (the programs); docs/security.md"
}

/// The text of an errno, given as the negative number that C returns.
func errnoText(_ code: Int32) -> String { Errno(abs(code)).description }
