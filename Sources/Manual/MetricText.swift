import Contention

/// What the manual page says of each metric, in the order of all outputs: made from the metrics' rows.
enum MetricText {
    static let sections = [
        ManualSection(
            title: "METRICS",
            text: """
                Metrics are of mount_lock, of namespace_sem or of mountscope itself. Of a counter the live view shows \
                the events since the probes were attached and the rate of the last interval; of a duration also \
                percentiles and the longest; of a share its 95 % interval. \
                A metric that is split has a row for each of its parts, named in the column SITE.

                Of mount_lock:
                """, items: items(.mountLock)),
        ManualSection(title: "METRICS OF NAMESPACE_SEM", items: items(.namespaceSem)),
        ManualSection(title: "METRICS OF MOUNTSCOPE", items: items(.mountscope)),
    ]

    private static func items(_ subject: Subject) -> [ManualSection.Item] {
        Metric.allCases.filter { $0.subject == subject }.map { metric in
            ManualSection.Item(term: "Sy \(metric.qualifiedName)", text: metric.row.manual)
        }
    }
}
