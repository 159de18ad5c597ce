import Glibc

/// How many files this process may have open (RLIMIT_NOFILE).
public struct OpenFiles: Sendable, Equatable {
    /// What open(2) heeds, and how far a process may raise it.
    public let soft: UInt64
    public let hard: UInt64

    public init(soft: UInt64, hard: UInt64) {
        self.soft = soft
        self.hard = hard
    }

    /// The limit now; nil where the kernel does not say.
    public static var limit: OpenFiles? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return nil }
        return OpenFiles(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    /// Makes it the limit.
    /// - Throws: setrlimit's errno.
    public func set() throws(Errno) {
        var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
        try retryingInterrupted { setrlimit(__rlimit_resource_t(7), &limit) }
    }

    /// Limits to try, the best first, so that so many files can be open; none where there is room already.
    public func raises(to needed: UInt64) -> [OpenFiles] {
        guard soft < needed else { return [] }
        let within = OpenFiles(soft: min(max(needed, soft), hard), hard: hard)
        // Beyond the hard limit only who may (CAP_SYS_RESOURCE).
        return hard >= needed ? [within] : [OpenFiles(soft: needed, hard: needed), within]
    }

    /// Raises the limit as far as needed and permitted.
    /// - Returns: whether there is room for so many.
    public static func makeRoom(for needed: UInt64) -> Bool {
        guard let before = limit else { return true }
        for raised in before.raises(to: needed) {
            do throws(Errno) {
                try raised.set()
                break
            } catch {
                // The next one asks for less.
            }
        }
        return (limit?.soft ?? 0) >= needed
    }
}
