/// What a series is about: one of the kernel's two global mount locks, or mountscope itself.
public enum Subject: String, Sendable, CaseIterable {
    case mountLock = "mount_lock"
    case namespaceSem = "namespace_sem"
    /// The tool's own account: events it lost.
    case mountscope
}

/// How a metric's values are kept.
public enum MetricKind: Sendable {
    /// Events counted on the CPU that saw them.
    case counter
    /// Events counted for the whole machine; no CPU is known.
    case machineCounter
    /// Durations in nanoseconds, a log-linear histogram on each CPU.
    case durations
    /// Events and the nanoseconds they took together, on the CPU that saw them.
    case timedCounter
    /// Events and the nanoseconds they took together, for the whole machine; no CPU is known.
    case machineTimedCounter
    /// A part of a whole: samples that found something, of all samples, on the CPU that took them.
    case share
    /// A part of a whole for the whole machine; no CPU is known.
    case machineShare
    /// The state of each CPU at the end of an interval; never a difference.
    case level
}

/// What the counts of a metric are of: events, samples, or a state at the end of an interval.
public enum CountUnit: String, Sendable {
    case events, samples, level
}

/// What a metric is split by.
public enum SiteKind: Sendable {
    /// Places or classes that are the same on every kernel.
    case fixed
    /// Kernel functions, as the compiler of this kernel inlined the lock: known once the kernel's text has been read.
    case functions
}

/// A metric: what is counted or timed, and the sites it is split by.
///
/// Names follow the kernel: a *write section* is one exclusive holder that moves the sequence by two
/// (fs/namespace.c `lock_mount_hash`), a *retry* is a validation that failed (include/linux/seqlock.h
/// `read_seqretry`), a *fallback* an RCU walk done again in ref-walk mode (fs/namei.c), a *hold* the time from
/// acquiring to releasing, one page of /proc/self/mountinfo at most (fs/proc_namespace.c).
public struct Metric: Hashable, Sendable {
    public let subject: Subject
    /// The name without its lock, as in the CSV: `read_retries`.
    public let name: String
    public let kind: MetricKind
    /// The places or classes it is split by; one empty string where there is none, or they are functions.
    public let sites: [String]
    public let siteKind: SiteKind

    init(subject: Subject, name: String, kind: MetricKind, sites: [String] = [""], siteKind: SiteKind = .fixed) {
        self.subject = subject
        self.name = name
        self.kind = kind
        self.sites = sites
        self.siteKind = siteKind
    }

    /// What its counts are of.
    public var countUnit: CountUnit {
        switch kind {
        case .level: .level
        case .share, .machineShare: isShareOfTime ? .samples : .events
        default: .events
        }
    }

    /// Whether its values are shares of time: samples that found something. Coverage is a share of events.
    public var isShareOfTime: Bool {
        (kind == .share || kind == .machineShare) && name != Metric.writeCoverage.name
    }

    /// `mount_lock.read_retries`
    public var qualifiedName: String { "\(subject.rawValue).\(name)" }

    public static let readRetries = Metric(
        subject: .mountLock, name: "read_retries", kind: .counter, sites: ["lookup", "walk", "dotdot", "d_path"])
    /// By the walk that was done again: `path_lookupat`, `path_openat`, `path_parentat`.
    public static let walkFallbacks = Metric(
        subject: .mountLock, name: "walk_fallbacks", kind: .counter, sites: ["lookup", "open", "parent"])
    public static let writeSections = Metric(
        subject: .mountLock, name: "write_sections", kind: .machineCounter, sites: [""])
    /// Write sections seen at the instructions that begin them; over `writeSections` this is the coverage.
    public static let writeAcquires = Metric(
        subject: .mountLock, name: "write_acquires", kind: .counter, siteKind: .functions)
    /// The site of write sections in functions that refuse their probes, together: what is missing from the sequence's
    /// count.
    public static let unwatched = "unwatched"
    /// Holders of the spinlock that leave the sequence alone (include/linux/seqlock.h, `read_seqlock_excl`).
    public static let exclusiveAcquires = Metric(
        subject: .mountLock, name: "excl_acquires", kind: .counter, siteKind: .functions)
    /// From the increment that makes the sequence odd to the one that makes it even.
    public static let writeHold = Metric(subject: .mountLock, name: "write_hold", kind: .durations)
    public static let exclusiveHold = Metric(subject: .mountLock, name: "excl_hold", kind: .durations)
    /// Of acquisitions that found the spinlock taken: from the slow path to the acquisition. A kernel has either `write`
    /// and `exclusive` or, where they are not told apart, `either`.
    public static let lockWait = Metric(
        subject: .mountLock, name: "lock_wait", kind: .durations, sites: ["write", "exclusive", either])
    public static let either = "either"
    /// One reader that waits for one write section to end (`read_seqbegin`).
    public static let readerSpins = Metric(
        subject: .mountLock, name: "reader_spins", kind: .counter, siteKind: .functions)
    /// Iterations of those loops.
    public static let spinIterations = Metric(
        subject: .mountLock, name: "spin_iterations", kind: .counter, siteKind: .functions)
    /// From the first to the last iteration of an episode.
    public static let spinTime = Metric(
        subject: .mountLock, name: "spin_time", kind: .timedCounter, siteKind: .functions)

    /// PREEMPT_RT: readers that meet an odd sequence block on the spinlock instead of spinning, for this long.
    public static let readerWait = Metric(subject: .mountLock, name: "reader_wait", kind: .durations)
    /// Write sections seen at the instructions that begin them, of those that the sequence tells of. Below 1 a function is
    /// not watched.
    public static let writeCoverage = Metric(subject: .mountLock, name: "write_coverage", kind: .machineShare)
    /// Samples that found the sequence odd.
    public static let writeDuty = Metric(subject: .mountLock, name: "write_duty", kind: .machineShare)
    /// Samples that found the spinlock taken, by writers or exclusive readers.
    public static let lockDuty = Metric(subject: .mountLock, name: "lock_duty", kind: .machineShare)
    /// Samples that found others queued behind its holder (kernel/locking/qspinlock.c: a pending or tail bit).
    public static let lockQueue = Metric(subject: .mountLock, name: "lock_queue", kind: .machineShare)
    /// Samples whose CPU was in a loop that waits for an even sequence: CPU time lost to it.
    public static let spinShare = Metric(
        subject: .mountLock, name: "spin_share", kind: .share, siteKind: .functions)

    private static let tables = ["mountinfo", "mounts", "mountstats"]
    private static let operations = [
        "mount", "umount", "move_mount", "mount_setattr", "open_tree", "unshare", "clone", "pivot_root", "exit",
        "expiry", "other",
    ]
    public static let readWait = Metric(
        subject: .namespaceSem, name: "read_wait", kind: .durations,
        sites: tables + ["statmount", "listmount", "other"])
    /// `notify` is a writer behind its downgrade (6.16 and later).
    public static let readHold = Metric(
        subject: .namespaceSem, name: "read_hold", kind: .durations,
        sites: tables + ["statmount", "listmount", "notify", "other"])
    /// By what the task was asked to do.
    public static let writeWait = Metric(
        subject: .namespaceSem, name: "write_wait", kind: .durations, sites: operations)
    /// Ends at the downgrade where the kernel downgrades.
    public static let semaphoreWriteHold = Metric(
        subject: .namespaceSem, name: "write_hold", kind: .durations, sites: operations)
    /// Samples that found it held by readers, and by a writer (kernel/locking/rwsem.c, `count`).
    public static let semaphoreReadDuty = Metric(subject: .namespaceSem, name: "read_duty", kind: .machineShare)
    public static let semaphoreWriteDuty = Metric(subject: .namespaceSem, name: "write_duty", kind: .machineShare)
    /// What mountscope itself costs: CPU time of its process, of the probes (hits, each at the price found at the start)
    /// and of the sampler.
    public static let ownCost = Metric(
        subject: .mountscope, name: "own_cost", kind: .machineTimedCounter, sites: ["process", "probes", "sampler"])
    /// 1 for each CPU that is online at the end of an interval, 0 for each that is offline. An idle CPU is online.
    public static let cpusOnline = Metric(subject: .mountscope, name: "cpus_online", kind: .level)
    public static let lostEvents = Metric(
        subject: .mountscope, name: "lost_events", kind: .machineCounter, sites: LossCause.allCases.map(\.rawValue))

    /// Every metric, in the order of all outputs.
    public static let all: [Metric] = [
        writeSections, writeAcquires, writeCoverage, writeHold, writeDuty, exclusiveAcquires, exclusiveHold, lockDuty,
        lockWait, lockQueue, readRetries, walkFallbacks, readerSpins, spinIterations, spinTime, spinShare, readerWait,
        readWait,
        readHold, semaphoreReadDuty, writeWait, semaphoreWriteHold, semaphoreWriteDuty, ownCost, cpusOnline, lostEvents,
    ]
}

/// Why an event was not counted.
public enum LossCause: String, Sendable, CaseIterable {
    /// A program was skipped because it was already running (`bpf_prog_info.recursion_misses`).
    case recursion
    /// A kprobe hit while another kprobe was being handled (`bpf_link_info.perf_event.kprobe.missed`).
    case missedKprobe = "missed_kprobe"
    /// A sample that was due by the clock and not taken: its CPU was not run by the host, was in another eBPF program,
    /// took the interrupt more than a period late, or was idle where that sends none. Nothing that is counted suffers;
    /// shares are of the samples taken.
    case missedSample = "missed_sample"
    /// An exit without its entry, or an entry whose exit never came.
    case unmatched
    /// The table of tasks in flight had no room.
    case mapFull = "map_full"
    /// A duration that ran backwards, or longer than the histogram reaches: rejected. The last of all series: its row
    /// ends an interval of a recording (`RunTail`).
    case impossible
}

/// One row of every output: a metric at one site.
public struct SeriesKey: Hashable, Sendable, CustomStringConvertible {
    public let metric: Metric
    public let site: String

    public init(_ metric: Metric, site: String = "") {
        self.metric = metric
        self.site = site
    }

    /// `mount_lock.read_retries[walk]`
    public var description: String { site.isEmpty ? metric.qualifiedName : "\(metric.qualifiedName)[\(site)]" }

    public static func == (left: SeriesKey, right: SeriesKey) -> Bool {
        left.site == right.site && left.metric.name == right.metric.name && left.metric.subject == right.metric.subject
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(metric.subject)
        hasher.combine(metric.name)
        hasher.combine(site)
    }

    /// Every series of a kernel whose functions are not known, in the order of all outputs.
    public static let all: [SeriesKey] = all { _ in [""] }

    /// Every series, in the order of all outputs.
    /// - Parameter functions: the kernel functions that a metric is split by; not empty.
    public static func all(functions: (Metric) -> [String]) -> [SeriesKey] {
        Metric.all.flatMap { metric in
            (metric.siteKind == .functions ? functions(metric) : metric.sites).map { SeriesKey(metric, site: $0) }
        }
    }
}
