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

    /// Every series of a kernel whose functions are not known, in the order of all outputs.
    public static let all: [SeriesKey] = all { _ in [""] }

    /// Every series, in the order of all outputs.
    /// - Parameter functions: the kernel functions that a metric is split by; not empty.
    public static func all(functions: (Metric) -> [String]) -> [SeriesKey] {
        Metric.allCases.flatMap { metric in
            (metric.siteKind == .functions ? functions(metric) : metric.sites).map { SeriesKey(metric, site: $0) }
        }
    }
}
