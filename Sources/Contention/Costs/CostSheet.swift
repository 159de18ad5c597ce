/// The rows of an interval with their sites, worked out: a few hundred numbers.
public struct CostSheet: Sendable, Equatable {
    /// In the order of `CostRow.allCases`.
    private let rows: [CostNumbers]
    private let sites: [[CostPart]]

    public init(_ costs: Costs) {
        rows = CostRow.allCases.map { costs[$0] }
        sites = CostRow.allCases.map { costs.parts($0) }
    }

    /// - Parameter cpus: online CPUs, where no series tells.
    public init(_ interval: Interval, cpus: Int?) { self.init(Costs(interval, cpus: cpus)) }

    /// The numbers of a row.
    public subscript(_ row: CostRow) -> CostNumbers { rows[CostRow.allCases.firstIndex(of: row) ?? 0] }

    /// The sites of a row where something happened: those that took longest first, then the most frequent.
    public func parts(_ row: CostRow) -> [CostPart] { sites[CostRow.allCases.firstIndex(of: row) ?? 0] }

    /// Roughly what it takes of memory.
    var bytes: Int {
        let parts = sites.reduce(0) { $0 + $1.count }
        return rows.count * MemoryLayout<CostNumbers>.stride + sites.count * (MemoryLayout<[CostPart]>.stride + 32)
            + parts * (MemoryLayout<CostPart>.stride + 16)
    }
}
