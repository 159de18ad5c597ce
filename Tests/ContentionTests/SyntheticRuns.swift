@testable import Contention

/// Runs whose truth is known, recorded in turn.
enum SyntheticRuns {
    /// One side.
    /// - Parameters:
    ///   - name: which also orders them: `b` follows `a` in each pair.
    ///   - edit: gets each run and its number.
    static func side(_ name: String, count: Int = 8, _ edit: (inout RunFacts, Int) -> Void) -> RunGroup {
        RunGroup(
            name: name,
            runs: (0..<count).map { index in
                var run = RunFacts(id: "\(name)-\(index)", name: "runs/\(name)-\(index)")
                run.start = Int64(10 * index) + (name < "b" ? 0 : 5)
                run.elapsed = 4_000_000_000
                run.cpus = 2
                run.conditions = [.attach: "auto", .budget: "on", .sampleRate: "499", .interval: "1000000000 ns"]
                edit(&run, index)
                return run
            })
    }

    /// Numbers around a mean that are the same every time, and no two of them alike.
    static func noise(_ mean: Double, _ index: Int, seed: UInt64 = 1) -> UInt64 {
        var generator = SeededGenerator(seed: seed &+ UInt64(index) &* 977)
        return UInt64(mean * Double.random(in: 0.99..<1.01, using: &generator))
    }

    static func compare(
        _ groups: [RunGroup], _ edit: (inout ComparisonOptions) -> Void = { _ in }
    ) throws(ComparisonError) -> Comparison {
        var options = ComparisonOptions()
        edit(&options)
        return try Comparison(groups, options: options)
    }
}

extension RunFacts {
    /// Sets a series without sites.
    mutating func set(_ metric: Metric, _ count: UInt64?, nanoseconds: UInt64? = nil, mode: Mode = .exact) {
        set(metric, "", count, nanoseconds: nanoseconds, mode: mode)
    }

    /// Sets a series.
    mutating func set(
        _ metric: Metric, _ site: String, _ count: UInt64?, nanoseconds: UInt64? = nil, mode: Mode = .exact
    ) {
        totals[SeriesKey(metric, site: site)] = RunTotal(mode: mode, count: count, nanoseconds: nanoseconds, lost: 0)
    }
}

extension Comparison {
    /// The first side's row of this title; nil where there is none.
    func row(_ title: String) -> ComparedRow? { sides[0].rows.first { $0.measure.title == title } }
}
