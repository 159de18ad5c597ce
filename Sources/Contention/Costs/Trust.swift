/// How far the numbers of an interval can be trusted.
public struct Trust: Sendable, Equatable {
    /// Rows whose events are all counted, rows that are known in other ways, and rows of which nothing is known.
    public let exact: Int
    public let estimated: Int
    public let missing: Int
    /// Events known to be lost; what no count lacks is none. nil where that cannot be known.
    public let lost: UInt64?
    /// CPUs that mountscope takes; nil where unknown.
    public let ownCost: Double?

    public init(_ interval: Interval, _ sheet: CostSheet) {
        let known = CostRow.allCases.map { sheet[$0] }.filter(\.isKnown)
        exact = known.filter(\.isExact).count
        estimated = known.count - exact
        missing = CostRow.allCases.count - known.count
        let losses = interval.series.filter {
            $0.key.metric == .lostEvents && !$0.key.isLoss(of: LossCause.ofNoCount)
        }
        lost = losses.compactMap { $0.all?.count }.reduce(nil) { sum, more in (sum ?? 0) &+ more }
        ownCost = interval.series.filter { $0.key.metric == .ownCost }.compactMap { one in
            one.all?.nanoseconds.map { interval.rate($0, of: one) / 1e9 }
        }.reduce(nil) { sum, more in (sum ?? 0) + more }
    }
}
