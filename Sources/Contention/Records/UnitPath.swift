/// The names that systemd gives to cgroups.
enum UnitPath {
    /// The innermost unit on the way; nil for a path without any, or with a plain group in a slice.
    static func owner(_ parts: [String], user: UInt32?) -> CgroupOwner? {
        let manager = parts.firstIndex { $0.hasPrefix("user@") && $0.hasSuffix(".service") }
        for index in parts.indices.reversed() {
            let part = parts[index]
            if part.hasSuffix(".service") || part.hasSuffix(".scope") {
                return unit(part, isUsers: manager.map { index > $0 } ?? false, user: user)
            }
            // A group in a slice: somebody made it by hand, or a runtime did.
            if part.hasSuffix(".slice") {
                return index == parts.count - 1 ? .slice(ContainerPath.unescaped(part)) : nil
            }
        }
        return nil
    }

    private static func unit(_ part: String, isUsers: Bool, user: UInt32?) -> CgroupOwner {
        if let session = part.between("session-", ".scope"), user != nil { return .session(session, user: user) }
        // The manager itself.
        if part == "init.scope", isUsers, let user { return .unit("user@\(user).service", user: nil) }
        return .unit(ContainerPath.unescaped(part), user: isUsers ? user : nil)
    }
}
