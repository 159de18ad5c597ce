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
    var isBySite = false
    let quantity: Quantity
    let per: [Denominator]

    init(_ metric: Metric, bySite: Bool = false, _ quantity: Quantity, per: [Denominator]) {
        self.metric = metric
        isBySite = bySite
        self.quantity = quantity
        self.per = per
    }

    /// The measures this rule stands for at one denominator.
    func measures(per: Denominator) -> [Measure] {
        guard isBySite else { return [Measure(metric, quantity, per: per)] }
        return metric.sites.map { Measure(metric, site: $0, quantity, per: per) }
    }

    /// What is compared unless more is asked for: each metric once, by its best denominator that every run knows. Few,
    /// because every further test makes it harder for each of them to show a difference.
    static let primary: [MeasureRule] = [
        MeasureRule(.writeSections, .count, per: [.mountOperation]),
        MeasureRule(.exclusiveAcquires, .count, per: [.mountOperation, .writeSection]),
        MeasureRule(.writeHold, .nanoseconds, per: [.event]),
        MeasureRule(.exclusiveHold, .nanoseconds, per: [.event]),
        MeasureRule(.lockWait, .count, per: [.writeSection]),
        MeasureRule(.lockWait, .nanoseconds, per: [.event]),
        MeasureRule(.readRetries, bySite: true, .count, per: [.millionLookups, .writeSection]),
        MeasureRule(.walkFallbacks, bySite: true, .count, per: [.millionLookups, .writeSection]),
        MeasureRule(.readerSpins, .count, per: [.millionLookups, .writeSection]),
        MeasureRule(.spinTime, .nanoseconds, per: [.writeSection]),
        MeasureRule(.readerWait, .count, per: [.writeSection]),
        MeasureRule(.readHold, .count, per: [.scan]),
        MeasureRule(.readHold, .nanoseconds, per: [.event]),
        MeasureRule(.readWait, .nanoseconds, per: [.event]),
        MeasureRule(.semaphoreWriteHold, .nanoseconds, per: [.event]),
        MeasureRule(.writeWait, .nanoseconds, per: [.event]),
    ]

    /// Everything there is to compare: other denominators, sites and shares of samples too.
    static let detailed: [MeasureRule] =
        primary + [
            MeasureRule(.writeHold, .nanoseconds, per: [.mountOperation]),
            MeasureRule(.spinIterations, .count, per: [.writeSection]),
            MeasureRule(.readHold, .nanoseconds, per: [.scan, .listedMount]),
            MeasureRule(.readHold, bySite: true, .nanoseconds, per: [.event]),
            MeasureRule(.readWait, bySite: true, .nanoseconds, per: [.event]),
            MeasureRule(.semaphoreWriteHold, .count, per: [.mountOperation]),
            MeasureRule(.semaphoreWriteHold, bySite: true, .nanoseconds, per: [.event]),
            MeasureRule(.writeWait, bySite: true, .nanoseconds, per: [.event]),
            MeasureRule(.writeDuty, .count, per: [.sample]),
            MeasureRule(.lockDuty, .count, per: [.sample]),
            MeasureRule(.lockQueue, .count, per: [.sample]),
            MeasureRule(.spinShare, .count, per: [.sample]),
            MeasureRule(.semaphoreReadDuty, .count, per: [.sample]),
            MeasureRule(.semaphoreWriteDuty, .count, per: [.sample]),
        ]
}
