/// What an amount is divided by, so that runs of different length and speed can be compared.
public enum Denominator: String, Sendable, CaseIterable {
    /// Operations of the load that change mounts.
    case mountOperation = "mount operation"
    /// Operations that change the tree of mounts, and so take `namespace_sem` for writing.
    case treeOperation = "tree operation"
    /// Operations that take the lock of `mount_lock` and leave its sequence alone.
    case exclusiveOperation = "exclusive operation"
    /// Operations that take the lock of `mount_lock` at all.
    case lockOperation = "lock operation"
    /// Operations that look a path up; a million of them.
    case millionLookups = "million lookups"
    /// Operations that print paths; a million of them.
    case millionPrints = "million path prints"
    /// Operations that look paths up or print them; a million of them.
    case millionReads = "million reads"
    /// A mount table read to its end.
    case scan = "scan"
    /// Scans times the mounts of the namespace.
    case listedMount = "listed mount"
    /// `mount_lock.write_sections` of the run.
    case writeSection = "write section"
    /// The run of the command.
    case run = "run"
    /// A second of each CPU that was online.
    case cpuSecond = "CPU second"
    /// The metric's own events: a mean.
    case event = "event"
    /// All samples of a share.
    case sample = "sample"

    /// The load's kinds of operations that it is the sum of; empty where it is none of operations.
    public var kinds: [String] {
        switch self {
        case .mountOperation: ["bind", "remount", "unshare"]
        case .treeOperation: ["bind", "unshare"]
        case .exclusiveOperation: ["bind", "unshare", "getcwd", "mountinfo"]
        case .lockOperation: ["bind", "remount", "unshare", "getcwd", "mountinfo"]
        case .millionLookups: ["stat", "open", "dotdot", "refwalk"]
        case .millionPrints: ["getcwd", "mountinfo"]
        case .millionReads: ["stat", "open", "dotdot", "refwalk", "getcwd", "mountinfo"]
        case .scan, .listedMount: ["mountinfo"]
        case .writeSection, .run, .cpuSecond, .event, .sample: []
        }
    }

    /// Whether it counts what happened, and not only how long it went on.
    var isOfEvents: Bool { self != .run && self != .cpuSecond }

    /// How many of them count as one.
    var scale: Double {
        switch self {
        case .millionLookups, .millionPrints, .millionReads: 1e6
        default: 1
        }
    }

    /// As a column has room for it.
    public var short: String {
        switch self {
        case .mountOperation: "mount op"
        case .treeOperation: "tree op"
        case .exclusiveOperation: "excl op"
        case .lockOperation: "lock op"
        case .millionLookups: "M lookups"
        case .millionPrints: "M prints"
        case .millionReads: "M reads"
        case .listedMount: "mount"
        case .writeSection: "section"
        case .cpuSecond: "CPU s"
        case .scan, .run, .event, .sample: rawValue
        }
    }
}

/// Which part of a metric is compared.
public enum Quantity: String, Sendable {
    /// Events, divided by what caused them; of a share the part of all samples.
    case number
    /// Nanoseconds, all events added up, divided by what caused them.
    case total
    /// Nanoseconds an event.
    case mean
}

/// One amount of a run, divided by another.
public struct Measure: Sendable, Equatable {
    public let metric: Metric
    /// nil: all sites together that every run knows.
    public let site: String?
    public let quantity: Quantity
    public let per: Denominator

    init(_ metric: Metric, site: String? = nil, _ quantity: Quantity, per: Denominator) {
        self.metric = metric
        self.site = site
        self.quantity = quantity
        self.per = per
    }

    /// `mount_lock.read_retries[walk]`
    public var name: String { SeriesKey(metric, site: site ?? "").description }

    /// The name, and what of it where there are several: `mount_lock.lock_wait total`.
    public var title: String { name + suffix }

    /// `lock_wait total`, `read_retries walk`: beneath the name of its lock.
    public var shortTitle: String { metric.name + (site.map { " \($0)" } ?? "") + suffix }

    private var suffix: String { metric.hasTimes ? " \(quantity.rawValue)" : "" }

    /// The denominator as people say it: a mean hold is a time per hold.
    public var perName: String { per == .event ? eventName : per.rawValue }

    /// The same in a column.
    public var shortPer: String { per == .event ? eventName : per.short }

    private var eventName: String {
        metric.name.hasSuffix("_hold") ? "hold" : metric.name.hasSuffix("_wait") ? "wait" : "event"
    }

    /// Of the value: `ns` where it is a time, otherwise empty.
    public var unit: String { quantity == .number ? "" : "ns" }
}

extension Metric {
    /// Whether its events have durations, so that number, total and mean are three things.
    var hasTimes: Bool {
        switch kind {
        case .durations, .timedCounter, .machineTimedCounter: true
        default: false
        }
    }

    /// Whether a user's word means it: `read_retries`, `mount_lock.read_retries`, `mount_lock`.
    func isCalled(_ text: String) -> Bool { text == name || text == qualifiedName || text == subject.rawValue }
}
