/// Everything that is known of a metric, in one place: outputs, documents and views are made from it. How runs are compared
/// by it stands in `MeasureTable`.
public struct MetricRow: Sendable {
    public let metric: Metric
    public let subject: Subject
    /// `read_retries`
    public let name: String
    public let kind: MetricKind
    /// What its counts are of.
    public let unit: CountUnit
    public let sites: [String]
    public let siteKind: SiteKind
    /// `mount_lock.read_retries`
    public let qualifiedName: String
    /// What is counted, in a sentence without quotes: OpenMetrics' HELP.
    public let help: String
    /// What the manual page says of it; names every site that is the same on every kernel.
    public let manual: String
    /// What may keep an event of it from being counted.
    public let losses: Set<LossCause>
    /// The sampled metric that goes on where its probes were taken off.
    public let standIn: Metric?
    /// Whether pages show it by CPU: the CPU says something.
    public let isMapped: Bool

    init(
        _ metric: Metric, _ subject: Subject, _ name: String, _ kind: MetricKind, of unit: CountUnit? = nil,
        sites: [String] = [""], by siteKind: SiteKind = .fixed, help: String, manual: String,
        losses: Set<LossCause> = [], standIn: Metric? = nil, mapped isMapped: Bool = false
    ) {
        self.metric = metric
        self.subject = subject
        self.name = name
        self.kind = kind
        self.unit = unit ?? kind.unit
        self.sites = sites
        self.siteKind = siteKind
        qualifiedName = "\(subject.rawValue).\(name)"
        self.help = help
        self.manual = manual
        self.losses = losses
        self.standIn = standIn
        self.isMapped = isMapped
    }

    /// One for each metric, at the place of its number.
    static let table: [MetricRow] = {
        let rows = mountLock + namespaceSem + mountscope
        let inOrder = rows.sorted { $0.metric.rawValue < $1.metric.rawValue }
        precondition(inOrder.map(\.metric) == Metric.allCases, "each metric has one row")
        return inOrder
    }()
}
