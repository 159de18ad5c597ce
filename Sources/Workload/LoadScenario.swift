/// One kind of mount work; a thread does one kind.
public enum LoadKind: String, CaseIterable, Sendable {
    /// Bind mount and umount of a directory; one operation is one pair.
    case bind
    /// One operation is one read-only or read-write toggle of a bind mount.
    case remount
    /// stat() of a file across mounts.
    case stat
    /// open(O_RDONLY) and close() of a file across mounts.
    case open
    /// stat() of a path whose `..` components leave mounts by their roots.
    case dotdot
    /// stat() of a path over mounts and out of them again, in ref-walk mode: it begins with a magic link of /proc, where
    /// an RCU walk must take references.
    case refwalk
    /// getcwd() inside a nested mount.
    case getcwd
    /// Open, read to the end and close a file of the mount table.
    case mountinfo
    /// A child process unshares its mount namespace and exits.
    case unshare

    /// Whether threads of this kind walk or print paths over the nested mounts.
    var readsPaths: Bool {
        switch self {
        case .stat, .open, .dotdot, .refwalk, .getcwd: true
        case .bind, .remount, .mountinfo, .unshare: false
        }
    }
}

/// What `load` runs: threads of a single kind, or a mix of kinds.
public enum LoadScenario: String, CaseIterable, Sendable {
    case bind, remount, stat, open, dotdot, refwalk, getcwd, mountinfo, unshare, mix

    /// The kind of a single scenario, nil for the mix.
    public var kind: LoadKind? { LoadKind(rawValue: rawValue) }
}

/// How many threads do each kind of work.
public struct ThreadCounts: Equatable, Sendable {
    private var byKind: [LoadKind: Int]

    /// Kinds that are not named get no thread.
    public init(_ byKind: [LoadKind: Int] = [:]) {
        self.byKind = byKind
    }

    /// The mix that runs when no count is given: writers, walkers and one reader of the mount table.
    public static let defaultMix = ThreadCounts([
        .remount: 2, .bind: 1, .stat: 2, .open: 1, .dotdot: 1, .getcwd: 1, .mountinfo: 1,
    ])

    /// The number of threads of one kind.
    public subscript(kind: LoadKind) -> Int {
        get { byKind[kind, default: 0] }
        set { byKind[kind] = newValue }
    }

    /// The number of threads of all kinds.
    public var total: Int { byKind.values.reduce(0, +) }

    /// The kinds with at least one thread, in the order of `LoadKind`.
    public var kinds: [LoadKind] { LoadKind.allCases.filter { self[$0] > 0 } }

    /// Equal when every kind has the same number of threads; a kind left out equals zero threads.
    public static func == (left: ThreadCounts, right: ThreadCounts) -> Bool {
        LoadKind.allCases.allSatisfy { left[$0] == right[$0] }
    }
}
