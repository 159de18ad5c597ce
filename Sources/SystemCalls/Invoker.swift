import Glibc

/// Who asked for this process.
public struct Invoker: Equatable, Sendable {
    public let user: uid_t
    public let group: gid_t

    /// The user behind sudo; nil where this process is not root's, or root asked itself.
    public static var behindSudo: Invoker? {
        guard getuid() == 0, geteuid() == 0, let user = number("SUDO_UID"), user != 0, let group = number("SUDO_GID")
        else { return nil }
        return Invoker(user: user, group: group)
    }

    /// Whose folders and links this process trusts: root's, its own user's and those of the user behind sudo.
    public static var trusted: Set<uid_t> {
        Set([0, geteuid()] + (behindSudo.map { [$0.user] } ?? []))
    }

    private static func number(_ variable: String) -> UInt32? {
        getenv(variable).flatMap { UInt32(String(cString: $0)) }.flatMap { $0 == .max ? nil : $0 }
    }
}
