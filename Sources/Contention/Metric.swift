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
    /// The places or classes it is split by; one empty string where there is none.
    public let sites: [String]

    /// `mount_lock.read_retries`
    public var qualifiedName: String { "\(subject.rawValue).\(name)" }

    public static let readRetries = Metric(
        subject: .mountLock, name: "read_retries", kind: .counter, sites: ["lookup", "walk", "dotdot", "d_path"])
    /// By the walk that was done again: `path_lookupat`, `path_openat`, `path_parentat`.
    public static let walkFallbacks = Metric(
        subject: .mountLock, name: "walk_fallbacks", kind: .counter, sites: ["lookup", "open", "parent"])
    public static let writeSections = Metric(
        subject: .mountLock, name: "write_sections", kind: .machineCounter, sites: [""])
    public static let readWait = Metric(
        subject: .namespaceSem, name: "read_wait", kind: .durations, sites: ["mountinfo", "mounts", "mountstats"])
    public static let readHold = Metric(
        subject: .namespaceSem, name: "read_hold", kind: .durations, sites: ["mountinfo", "mounts", "mountstats"])
    public static let lostEvents = Metric(
        subject: .mountscope, name: "lost_events", kind: .machineCounter, sites: LossCause.allCases.map(\.rawValue))

    /// Every metric, in the order of all outputs.
    public static let all: [Metric] = [
        writeSections, readRetries, walkFallbacks, readWait, readHold, lostEvents,
    ]
}

/// Why an event was not counted.
public enum LossCause: String, Sendable, CaseIterable {
    /// A program was skipped because it was already running (`bpf_prog_info.recursion_misses`).
    case recursion
    /// A kprobe hit while another kprobe was being handled (`bpf_link_info.perf_event.kprobe.missed`).
    case missedKprobe = "missed_kprobe"
    /// An exit without its entry, or an entry whose exit never came.
    case unmatched
    /// The table of tasks in flight had no room.
    case mapFull = "map_full"
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

    /// Every series, in the order of all outputs.
    public static let all: [SeriesKey] = Metric.all.flatMap { metric in
        metric.sites.map { SeriesKey(metric, site: $0) }
    }
}
