/// What the amounts of runs are divided by.
struct Divisor {
    /// The kind of operations; nil for all of the denominator's.
    let kind: String?
    /// By run.
    let values: [Double]
}

extension RunSet {
    /// The ways to divide a measure: one, or one for each kind of operations where their proportions differ between the
    /// sides.
    /// - Parameter totals: by run, the series that are added up.
    func divisors(_ measure: Measure, _ totals: [[RunTotal]]) throws(MeasureGap) -> [Divisor] {
        guard measure.per.kinds.isEmpty else { return try operations(measure.per) }
        var values: [Double] = []
        for (run, totals) in zip(runs, totals) {
            values.append(try amount(measure, run, totals))
        }
        return [Divisor(kind: nil, values: values)]
    }

    private func amount(_ measure: Measure, _ run: RunFacts, _ totals: [RunTotal]) throws(MeasureGap) -> Double {
        let amount: Double? =
            switch measure.per {
            case .event: RunSet.sum(totals.map(\.count))
            // Every site is looked for in the same samples.
            case .sample: totals.compactMap(\.whole).max().map { Double($0) }
            case .writeSection: RunSet.sum([run.totals[SeriesKey(.writeSections)]?.count])
            case .run: run.hasCommand ? 1 : nil
            case .cpuSecond: run.elapsed.flatMap { time in run.cpus.map { Double(time) / 1e9 * Double($0) } }
            default: nil
            }
        guard let amount else {
            throw MeasureGap(
                cause: .noDenominator, reason: "\"\(run.name)\" does not say how many \(measure.perName)s there were")
        }
        guard amount > 0 else {
            throw MeasureGap(cause: .noDenominator, reason: "no \(measure.perName)s in \"\(run.name)\"")
        }
        return amount
    }

    private static func sum(_ values: [UInt64?]) -> Double? {
        values.reduce(0.0) { sum, value in sum.flatMap { sum in value.map { sum + Double($0) } } }
    }

    private func operations(_ per: Denominator) throws(MeasureGap) -> [Divisor] {
        let done = runs.map { $0.workload?.done(per.kinds) ?? [:] }
        for (run, counts) in zip(runs, done) where counts.isEmpty {
            let what =
                run.workload == nil
                ? "\"\(run.name)\" does not say what it did" : "no \(per.rawValue)s in \"\(run.name)\""
            throw MeasureGap(cause: .noDenominator, reason: what)
        }
        let mounts = try per == .listedMount ? runs.map { run throws(MeasureGap) in try Self.mounts(run) } : nil
        func values(_ amount: ([String: Double]) -> Double) -> [Double] {
            done.enumerated().map { amount($1) * (mounts?[$0] ?? 1) / per.scale }
        }
        let kinds = per.kinds.filter { kind in done.contains { $0[kind] != nil } }
        let (first, second) = (done[..<base.count], done[base.count...])
        for kind in kinds {
            for side in [first, second] where side.allSatisfy({ $0[kind] == nil }) {
                let name = runs[side.startIndex].name
                throw MeasureGap(
                    cause: .noDenominator, reason: "no operations of \(kind) in \"\(name)\", but in others")
            }
        }
        let constant = kinds.filter { kind in done.allSatisfy { $0[kind] != nil } }
        if constant.count > 1, kinds.contains(where: { hasOtherShare($0, done) }) {
            return constant.map { kind in Divisor(kind: kind, values: values { $0[kind] ?? 0 }) }
        }
        return [Divisor(kind: nil, values: values { $0.values.reduce(0, +) })]
    }

    private static func mounts(_ run: RunFacts) throws(MeasureGap) -> Double {
        guard let mounts = run.workload?.mounts, mounts > 0 else {
            throw MeasureGap(
                cause: .noDenominator, reason: "\"\(run.name)\" does not say how many mounts its load had")
        }
        return Double(mounts)
    }

    /// Whether the sides did operations of a kind in another proportion to the others: by the rank-sum test, or with few
    /// runs where their proportions lie apart.
    private func hasOtherShare(_ kind: String, _ done: [[String: Double]]) -> Bool {
        let shares = done.map { ($0[kind] ?? 0) / $0.values.reduce(0, +) }
        let (first, second) = (Array(shares[..<base.count]), Array(shares[base.count...]))
        guard let low = first.min(), let high = first.max(), let least = second.min(), let most = second.max() else {
            return false
        }
        if low == high, least == most, abs(low - least) < 1e-9 { return false }
        if high < least || most < low { return true }
        return (MannWhitney(first, second)?.p ?? 1) < Comparison.level
    }
}
