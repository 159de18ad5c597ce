import CPrivileges
import Glibc

/// A user of this host, by /etc/passwd and /etc/group: a static program has no other directories.
public struct UserAccount: Equatable, Sendable {
    public let name: String
    public let user: uid_t
    public let group: gid_t
    public let home: String
    /// Those that the user is a member of, besides `group`.
    public let groups: [gid_t]

    /// Finds a user by name.
    /// - Throws: `SystemFailure` where there is none, or the files cannot be read.
    public init(named name: String) throws(SystemFailure) {
        do throws(Errno) {
            let found = UserAccount(
                name, passwd: try readText("/etc/passwd"), groups: try readText("/etc/group"))
            if let found {
                self = found
                return
            }
        } catch {
            throw SystemFailure("cannot look up user \"\(name)\"", error)
        }
        throw SystemFailure(
            message: "there is no user \"\(name)\" in /etc/passwd", hint: "users of other directories are not found")
    }

    /// - Parameters:
    ///   - passwd: as passwd(5) describes it.
    ///   - groups: as group(5) describes it.
    init?(_ name: String, passwd: String, groups: String) {
        func fields(_ line: Substring) -> [Substring] { line.split(separator: ":", omittingEmptySubsequences: false) }
        let entry = passwd.split(separator: "\n").map(fields).first { $0.count >= 7 && $0[0] == name }
        guard let entry, let user = uid_t(entry[2]), let group = gid_t(entry[3]) else { return nil }
        self.name = name
        self.user = user
        self.group = group
        home = String(entry[5])
        self.groups = groups.split(separator: "\n").map(fields).filter { line in
            line.count >= 4 && line[3].split(separator: ",").contains { $0 == name }
        }.compactMap { gid_t($0[2]) }
    }

    /// Runs a program as the user.
    /// - Parameters:
    ///   - arguments: the program, found in PATH, and its arguments; ends with nil.
    ///   - environment: ends with nil.
    /// - Returns: the process.
    /// - Throws: the errno of the step that failed.
    public func spawn(
        _ arguments: [UnsafeMutablePointer<CChar>?], _ environment: [UnsafeMutablePointer<CChar>?]
    ) throws(Errno) -> pid_t {
        var child: pid_t = 0
        let error = cprivileges_spawn(&child, arguments, environment, user, group, groups, groups.count)
        guard error == 0 else { throw Errno(-error) }
        return child
    }
}
