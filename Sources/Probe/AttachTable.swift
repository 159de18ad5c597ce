import Contention

/// The attach table of both kinds of probes, in the order of all outputs.
struct AttachTable {
    let keys: [SeriesKey]
    let rows: [AttachRow]

    init(_ plan: AttachPlan, _ sites: LockSiteSeries) {
        keys = SeriesKey.all { sites.functions(of: $0) }
        let byKey = Dictionary(grouping: plan.rows + sites.rows(keys), by: \.key)
        rows = keys.flatMap { byKey[$0] ?? [] }
    }
}
