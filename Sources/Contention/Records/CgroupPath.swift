/// Reads the path of a cgroup: whose it is, by the conventions of systemd, Kubernetes and the container runtimes.
public enum CgroupPath {
    /// Who lives in a cgroup: the innermost container on the way, otherwise the innermost unit.
    /// - Parameter path: as in /proc/PID/cgroup, not escaped: `/system.slice/docker.service`.
    public static func owner(_ path: String) -> CgroupOwner {
        let parts = path.split(separator: "/").map(String.init)
        guard !parts.isEmpty else { return .root }
        let user = user(parts)
        var found: CgroupOwner?
        for index in parts.indices {
            if let owner = ContainerPath.owner(parts, at: index, user: user) { found = owner }
        }
        return found ?? UnitPath.owner(parts, user: user) ?? .group(path)
    }

    /// The path in /proc/PID/cgroup: of the unified hierarchy, else of the controller of processes, else of systemd's own.
    /// - Returns: nil where the text has none of them.
    public static func path(procFile text: String) -> String? {
        var found: (rank: Int, path: String)?
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard cells.count == 3 else { continue }
            let controllers = cells[1].split(separator: ",")
            let path = String(cells[2])
            // A unified hierarchy without controllers beside others: everybody is in its root.
            let rank =
                if cells[0] == "0", cells[1].isEmpty { path == "/" ? 3 : 0 } else if controllers.contains("pids") {
                    1
                } else if controllers.contains("name=systemd") { 2 } else { 4 }
            if rank < found?.rank ?? 4 { found = (rank, path) }
        }
        return found?.path
    }

    /// Whether it is an identifier of 64 hexadecimal digits.
    static func isLongID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal)
    }

    static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The user of `user-1000.slice` or `user@1000.service`.
    private static func user(_ parts: [String]) -> UInt32? {
        for part in parts.reversed() {
            if let number = part.between("user@", ".service").flatMap({ UInt32($0) }) { return number }
            if let number = part.between("user-", ".slice").flatMap({ UInt32($0) }) { return number }
        }
        return nil
    }
}

extension StringProtocol {
    /// What stands between a beginning and an end that is not a part of it; nil for another text or nothing between.
    func between(_ prefix: String, _ suffix: String = "") -> String? {
        guard hasPrefix(prefix), hasSuffix(suffix), utf8.count > prefix.utf8.count + suffix.utf8.count else {
            return nil
        }
        return String(dropFirst(prefix.count).dropLast(suffix.count))
    }
}
