/// A metric: what is counted or timed. Compared as an integer; what is to be said of it stands in its row (`MetricRow`).
///
/// Names follow the kernel: a *write section* is one exclusive holder that moves the sequence by two
/// (fs/namespace.c `lock_mount_hash`), a *retry* is a validation that failed (include/linux/seqlock.h
/// `read_seqretry`), a *fallback* an RCU walk done again in ref-walk mode (fs/namei.c), a *hold* the time from
/// acquiring to releasing, one page of /proc/self/mountinfo at most (fs/proc_namespace.c).
///
/// In the order of all outputs. The last series of the last one ends an interval of a recording (`RunTail`).
public enum Metric: UInt8, Sendable, CaseIterable {
    // mount_lock
    case writeSections, writeAcquires, writeCoverage, writeHold, writeDuty
    case exclusiveAcquires, exclusiveHold, lockDuty, lockWait, lockQueue
    case readRetries, walkFallbacks
    case readerSpins, spinIterations, spinTime, spinShare, readerWait
    // namespace_sem
    case readWait, readHold, semaphoreReadDuty, writeWait, semaphoreWriteHold, semaphoreWriteDuty
    // mountscope
    case ownCost, cpusOnline, lostEvents

    /// Everything that is known of it.
    public var row: MetricRow { MetricRow.table[Int(rawValue)] }

    public var subject: Subject { row.subject }
    /// The name without its lock, as in the CSV: `read_retries`.
    public var name: String { row.name }
    public var kind: MetricKind { row.kind }
    /// The places or classes it is split by; one empty string where there is none, or they are functions.
    public var sites: [String] { row.sites }
    public var siteKind: SiteKind { row.siteKind }
    /// What its counts are of.
    public var countUnit: CountUnit { row.unit }
    /// `mount_lock.read_retries`
    public var qualifiedName: String { row.qualifiedName }
    /// Whether its values are shares of time: samples that found something. Coverage is a share of events.
    public var isShareOfTime: Bool { countUnit == .samples }

    /// The metric of this name.
    /// - Parameter lock: `mount_lock`
    public init?(lock: String, name: String) {
        guard let row = MetricRow.table.first(where: { $0.name == name && $0.subject.rawValue == lock }) else {
            return nil
        }
        self = row.metric
    }

    /// The site of write sections in functions that refuse their probes, together: what is missing from the sequence's
    /// count.
    public static let unwatched = "unwatched"
    /// The site of waits for the spinlock where writers and exclusive readers are not told apart.
    public static let either = "either"
}

/// What a series is about: one of the kernel's two global mount locks, or mountscope itself.
public enum Subject: String, Sendable, CaseIterable {
    case mountLock = "mount_lock"
    case namespaceSem = "namespace_sem"
    /// The tool's own account: events it lost.
    case mountscope
}

/// What a metric is split by.
public enum SiteKind: Sendable {
    /// Places or classes that are the same on every kernel.
    case fixed
    /// Kernel functions, as the compiler of this kernel inlined the lock: known once the kernel's text has been read.
    case functions
}
