/// A row of the table of measures: what of a metric is compared, what it is divided by, and what that is good for.
struct MeasureRule: Sendable {
    let metric: Metric
    let quantity: Quantity
    /// Whether each fixed site is compared by itself.
    let isBySite: Bool
    /// What it can be divided by, the best first: the operations that cause it, then what every run knows.
    let per: [Denominator]
    /// Whether more is worse. A mean has no direction: it falls when short events are added, although more is waited.
    let isDirected: Bool

    /// Whether it counts in a gate.
    var isGated: Bool { isDirected }

    init(
        _ metric: Metric, _ quantity: Quantity, per: [Denominator], bySite: Bool = false
    ) {
        self.metric = metric
        self.quantity = quantity
        self.per = per
        isBySite = bySite
        isDirected = quantity != .mean
    }

    /// The sites that are compared apart; one nil for all together.
    var sites: [String?] { isBySite ? metric.sites : [nil] }
}

/// The table of measures.
enum MeasureTable {
    /// What is compared unless more is asked for. Few, because every further test makes it harder for each to show a
    /// difference: means stand beside numbers and totals without a test of their own.
    static let primary: [MeasureRule] = writers + waits + readers + scans + mounts
    /// What is compared besides with `--detail`, or by name.
    static let detailed: [MeasureRule] = primary + amounts + sites + shares

    private static let writers: [MeasureRule] = [
        caused(.writeSections, .number, by: [.mountOperation]),
        caused(.exclusiveAcquires, .number, by: [.exclusiveOperation, .writeSection]),
        caused(.writeHold, .total, by: [.mountOperation, .writeSection]),
        mean(.writeHold),
        caused(.exclusiveHold, .total, by: [.exclusiveOperation, .writeSection]),
        mean(.exclusiveHold),
    ]
    private static let waits: [MeasureRule] = [
        caused(.lockWait, .number, by: [.lockOperation, .writeSection]),
        caused(.lockWait, .total, by: [.lockOperation, .writeSection]),
        mean(.lockWait),
    ]
    private static let readers: [MeasureRule] = [
        caused(.readRetries, .number, by: [.millionLookups, .writeSection], bySite: true),
        caused(.walkFallbacks, .number, by: [.millionLookups, .writeSection], bySite: true),
        caused(.readerSpins, .number, by: [.millionReads, .writeSection]),
        caused(.spinTime, .total, by: [.millionReads, .writeSection]),
        caused(.readerWait, .number, by: [.millionReads, .writeSection]),
        caused(.readerWait, .total, by: [.millionReads, .writeSection]),
        mean(.readerWait),
    ]
    private static let scans: [MeasureRule] = [
        caused(.readHold, .number, by: [.scan]),
        caused(.readHold, .total, by: [.scan]),
        mean(.readHold),
        caused(.readWait, .number, by: [.scan]),
        caused(.readWait, .total, by: [.scan]),
        mean(.readWait),
    ]
    private static let mounts: [MeasureRule] = [
        caused(.semaphoreWriteHold, .total, by: [.treeOperation]),
        mean(.semaphoreWriteHold),
        caused(.writeWait, .number, by: [.treeOperation]),
        caused(.writeWait, .total, by: [.treeOperation]),
        mean(.writeWait),
    ]

    private static let amounts: [MeasureRule] = [
        caused(.writeHold, .number, by: [.mountOperation, .writeSection]),
        caused(.exclusiveHold, .number, by: [.exclusiveOperation, .writeSection]),
        caused(.spinIterations, .number, by: [.millionReads, .writeSection]),
        mean(.spinTime),
        MeasureRule(.readHold, .total, per: [.listedMount]),
        caused(.semaphoreWriteHold, .number, by: [.treeOperation]),
    ]
    private static let sites: [MeasureRule] = [
        mean(.readHold, bySite: true),
        mean(.readWait, bySite: true),
        mean(.semaphoreWriteHold, bySite: true),
        mean(.writeWait, bySite: true),
    ]
    private static let shares: [MeasureRule] = [
        share(.writeDuty), share(.lockDuty), share(.lockQueue), share(.spinShare), share(.semaphoreReadDuty),
        share(.semaphoreWriteDuty),
    ]

    /// Divided by what causes it, else by what every run knows: how often the command ran, which is once, and its length.
    private static func caused(
        _ metric: Metric, _ quantity: Quantity, by causes: [Denominator], bySite: Bool = false
    ) -> MeasureRule {
        MeasureRule(metric, quantity, per: causes + [.run, .cpuSecond], bySite: bySite)
    }

    private static func mean(_ metric: Metric, bySite: Bool = false) -> MeasureRule {
        MeasureRule(metric, .mean, per: [.event], bySite: bySite)
    }

    private static func share(_ metric: Metric) -> MeasureRule {
        MeasureRule(metric, .number, per: [.sample])
    }
}

extension MeasureRule {
    /// Paths are printed by other operations than look them up.
    func denominators(site: String?) -> [Denominator] {
        guard site == "d_path" else { return per }
        return per.map { $0 == .millionLookups ? .millionPrints : $0 }
    }
}
