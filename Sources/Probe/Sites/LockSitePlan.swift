import CProbe
import Contention

/// The instructions to probe, where each of their functions counts, and the series that come of it.
struct LockSitePlan {
    let sites: [LockSite]
    /// The functions that each metric is split by, in the order of their slots.
    private let functions: [LockSite.Program: [String]]
    /// Instructions that the kernel refused, and why.
    let refused: [UInt64: String]

    /// - Parameter refused: instructions that the kernel refused when they were tried.
    init(_ sites: [LockSite], refused: [UInt64: String] = [:]) {
        self.sites = sites
        self.refused = refused
        functions = Dictionary(grouping: sites, by: \.program).mapValues { Array(Set($0.map(\.function))).sorted() }
    }

    /// The plan without what the kernel refused.
    func without(_ refused: [UInt64: String]) -> LockSitePlan {
        LockSitePlan(sites, refused: self.refused.merging(refused) { first, _ in first })
    }

    /// What is to be attached.
    var attached: [LockSite] { sites.filter { refused[$0.address] == nil } }

    /// The functions of a metric, refused ones too; empty where it is not split by any.
    func functions(of metric: Metric) -> [String] {
        LockSite.Program.allCases.first { $0.countedByFunction.contains(metric) }.flatMap { functions[$0] } ?? []
    }

    /// Functions with a write acquire that refuses its probe.
    var blindWriters: [String] {
        Set(sites.filter { $0.program == .writeAcquired && refused[$0.address] != nil }.map(\.function)).sorted()
    }

    /// Where the events of a program in a function are counted: the first of its slots.
    func slot(_ program: LockSite.Program, _ function: String) -> Int? {
        var next = 0
        for one in LockSite.Program.allCases where !one.countedByFunction.isEmpty {
            let names = functions[one] ?? []
            if one == program { return names.firstIndex(of: function).map { next + $0 * one.countedByFunction.count } }
            next += names.count * one.countedByFunction.count
        }
        return nil
    }

    /// The slot of a series; nil where it has none.
    func slot(_ key: SeriesKey) -> Int? {
        for program in LockSite.Program.allCases {
            if let part = program.countedByFunction.firstIndex(of: key.metric) {
                return slot(program, key.site).map { $0 + part }
            }
        }
        return nil
    }

    /// Slots in use.
    var slotCount: Int {
        LockSite.Program.allCases.reduce(0) { $0 + (functions[$1]?.count ?? 0) * $1.countedByFunction.count }
    }

    /// The value for the map of sites.
    func value(_ site: LockSite) -> ms_site {
        let slot = slot(site.program, site.function) ?? Int(MS_SITE_SLOTS)
        return ms_site(
            kind: UInt16(site.kind.code.rawValue), slot: UInt16(slot), argument: UInt16(site.argument), known: 1)
    }
}
