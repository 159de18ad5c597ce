import CProbe
import Contention

/// The instructions to probe, where each of their functions counts, and the series that come of it.
struct LockSitePlan {
    let sites: [LockSite]
    /// The functions that each metric is split by, in the order of their slots.
    private let functions: [LockSite.Program: [String]]
    /// Instructions that the kernel refused, and why.
    let refused: [UInt64: String]

    /// Why a function whose slots would lie behind the last one is not watched.
    static let noRoom = "the table of counts has no room for more functions"

    /// - Parameter refused: instructions that the kernel refused when they were tried.
    init(_ sites: [LockSite], refused: [UInt64: String] = [:]) {
        let functions = Dictionary(grouping: sites, by: \.program).mapValues {
            Array(Set($0.map(\.function))).sorted()
        }
        self.sites = sites
        self.functions = functions
        let beyond = sites.filter { site in
            !site.program.countedByFunction.isEmpty && Self.slot(site.program, site.function, functions) == nil
        }
        self.refused = Dictionary(beyond.map { ($0.address, Self.noRoom) }) { first, _ in first }
            .merging(refused) { first, _ in first }
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

    /// Where the events of a program in a function are counted: the first of its slots; nil where it has none.
    func slot(_ program: LockSite.Program, _ function: String) -> Int? { Self.slot(program, function, functions) }

    private static func slot(_ program: LockSite.Program, _ function: String, _ functions: [LockSite.Program: [String]])
        -> Int?
    {
        var next = 0
        for one in LockSite.Program.allCases where !one.countedByFunction.isEmpty {
            let (names, slots) = (functions[one] ?? [], one.countedByFunction.count)
            if one == program {
                return names.firstIndex(of: function).map { next + $0 * slots }
                    .flatMap { $0 + slots <= Int(MS_SITE_SLOTS) ? $0 : nil }
            }
            next += names.count * slots
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
