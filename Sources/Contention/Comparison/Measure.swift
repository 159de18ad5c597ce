/// What an amount is divided by, so that runs of different length and speed can be compared.
public enum Denominator: String, Sendable, CaseIterable {
    /// `mount_lock.write_sections` of the run.
    case writeSection = "write section"
    /// Operations of the load's kinds that change mounts: bind, remount, unshare.
    case mountOperation = "mount operation"
    /// Operations of the load's kinds that look a path up: stat, open, dotdot, refwalk; a million of them.
    case millionLookups = "million lookups"
    /// Operations of the load's kind mountinfo: a mount table read to its end.
    case scan = "scan"
    /// Scans times the mounts of the namespace.
    case listedMount = "listed mount"
    /// The metric's own events: a mean.
    case event = "event"
    /// All samples of a share.
    case sample = "sample"
}

/// Which part of a metric is compared.
public enum Quantity: Sendable {
    case count
    case nanoseconds
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

    /// The denominator as people say it: a mean hold is a time per hold.
    public var perName: String {
        guard per == .event else { return per.rawValue }
        return metric.name.hasSuffix("_hold") ? "hold" : metric.name.hasSuffix("_wait") ? "wait" : per.rawValue
    }

    /// Of the value: `ns` where it is a time, otherwise empty.
    public var unit: String { quantity == .nanoseconds ? "ns" : "" }
}

/// A metric and what it can be divided by, the best first.
struct MeasureRule: Sendable {
    let metric: Metric
    private let row: MeasureRow

    var isBySite: Bool { row.isBySite }
    var quantity: Quantity { row.quantity }
    var per: [Denominator] { row.per }

    /// The measures this rule stands for at one denominator.
    func measures(per: Denominator) -> [Measure] {
        guard isBySite else { return [Measure(metric, quantity, per: per)] }
        return metric.sites.map { Measure(metric, site: $0, quantity, per: per) }
    }

    private static let all = Metric.allCases.flatMap { metric in
        metric.row.compared.map { MeasureRule(metric: metric, row: $0) }
    }.sorted { $0.row.place < $1.row.place }

    /// What is compared unless more is asked for: each metric once, by its best denominator that every run knows.
    static let primary = all.filter { !$0.row.isDetail }

    /// Everything there is to compare: other denominators, sites and shares of samples too.
    static let detailed = primary + all.filter(\.row.isDetail)
}
