import Contention
import JSON

/// Keeps of a run what a comparison takes, without any file.
final class FactsSink: RunSink {
    private let description: RunDescription
    private let name: String
    private var summary: Interval?
    private(set) var facts: RunFacts?

    init(_ description: RunDescription, name: String) {
        self.description = description
        self.name = name
    }

    func publish() {}

    func append(_ bundle: IntervalBundle, summary: Interval?) -> String? {
        self.summary = summary
        return nil
    }

    func close(_ end: RunEnd, command: CommandEnd?, workload: JSONValue?) throws -> String? {
        var facts = RunFacts(description, name: name, elapsed: summary?.elapsed)
        facts.workload = try ComparedRun.workload(.object(["workload": workload ?? .null]), path: name)
        for series in summary?.series ?? [] { facts.totals[series.key] = RunTotal(series) }
        self.facts = facts
        return nil
    }
}

extension RunTotal {
    /// A whole run's.
    fileprivate init(_ series: SeriesInterval) {
        // What was known for a part of the run only cannot be divided by what happened in all of it.
        let known = series.measured == nil ? series.all : nil
        self.init(
            mode: series.mode, count: known?.count, nanoseconds: known?.nanoseconds, whole: known?.share?.whole,
            lost: series.lost)
    }
}
