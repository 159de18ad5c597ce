import CPrivileges

/// What this process may do beyond others, and how it gives that up.
public enum Privileges {
    /// What is still to be done once everything is attached.
    public struct Needs: OptionSet, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Files in folders of others.
        public static let files = Needs(rawValue: 1)
        /// Files are given to the user behind sudo.
        public static let handingOver = Needs(rawValue: 2)
        /// A command of another user is sent signals.
        public static let signals = Needs(rawValue: 4)

        /// Of a recording.
        /// - Parameter asAnother: whether its command runs as another user.
        public static func recording(asAnother: Bool) -> Needs {
            var needs: Needs = .files
            if Invoker.behindSudo != nil { needs.insert(.handingOver) }
            if asAnother { needs.insert(.signals) }
            return needs
        }
    }

    /// A capability that a start needs, and what for (docs/security.md says what happens without it).
    public struct Need: Sendable, Equatable {
        public let name: String
        public let purpose: String
        /// Whether this process has it in effect.
        public let isHeld: Bool

        public init(name: String, purpose: String, isHeld: Bool) {
            self.name = name
            self.purpose = purpose
            self.isHeld = isHeld
        }
    }

    /// What a start needs. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON where they are missing.
    public static var ofStart: [Need] {
        func need(_ name: String, _ capability: cprivileges_capability, _ purpose: String) -> Need {
            Need(name: name, purpose: purpose, isHeld: cprivileges_has(capability) != 0)
        }
        return [
            need("CAP_SYSLOG", CPRIVILEGES_SYSLOG, "kernel addresses"),
            need("CAP_SYS_ADMIN", CPRIVILEGES_SYS_ADMIN, "a mount that proves mount_lock"),
            need("CAP_BPF", CPRIVILEGES_BPF, "the programs"), need("CAP_PERFMON", CPRIVILEGES_PERFMON, "the programs"),
        ]
    }

    /// Gives up everything but what reads the programs' counts and takes them off, and what is needed besides.
    ///
    /// Best effort where the kernel has been built without one of the two: nothing depends on it.
    public static func settle(_ needs: Needs) {
        _ = cprivileges_keep(kept(needs) { cprivileges_has($0) != 0 })
        _ = cprivileges_filter()
    }

    /// The capabilities that stay, a bit for each.
    /// - Parameter has: whether the process has one now.
    static func kept(_ needs: Needs, _ has: (cprivileges_capability) -> Bool) -> UInt64 {
        // Whose mount namespace is which: the links in /proc/PID/ns of processes with more capabilities.
        let counting = [CPRIVILEGES_BPF, CPRIVILEGES_PERFMON]
        var kept = counting + [CPRIVILEGES_SYS_PTRACE]
        // It stands for them where they were not given.
        if !counting.allSatisfy(has) { kept.append(CPRIVILEGES_SYS_ADMIN) }
        if needs.contains(.files) { kept.append(CPRIVILEGES_DAC_OVERRIDE) }
        if needs.contains(.handingOver) { kept.append(CPRIVILEGES_CHOWN) }
        if needs.contains(.signals) { kept.append(CPRIVILEGES_KILL) }
        return kept.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }
}
