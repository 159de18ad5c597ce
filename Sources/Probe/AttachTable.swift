import Contention

/// The attach table of both kinds of probes, in the order of all outputs.
struct AttachTable {
    let keys: [SeriesKey]
    let rows: [AttachRow]

    init(_ plan: AttachPlan, _ sites: LockSiteSeries, _ samples: SamplerPlan, _ tracepoints: TracepointPlan) {
        keys = AttachTable.keys(sites, samples, tracepoints)
        let better = (plan.rows + sites.rows(keys)).filter { !tracepoints.keys.contains($0.key) }
        let byKey = Dictionary(grouping: better + samples.rows(keys) + tracepoints.rows(keys), by: \.key)
        rows = keys.flatMap { byKey[$0] ?? [] }
    }

    /// Every series of this kernel, in the order of all outputs.
    static func keys(_ sites: LockSiteSeries, _ samples: SamplerPlan, _ tracepoints: TracepointPlan) -> [SeriesKey] {
        SeriesKey.all { SamplerPlan.metrics.contains($0) ? samples.functions(of: $0) : sites.functions(of: $0) }
            .filter(tracepoints.shows)
    }
}
