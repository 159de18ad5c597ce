/// In what order the runs of two sides were recorded: all of one before all of the other compares two times of the day.
public enum RunOrder: Sendable, Equatable {
    /// The sides changed at least as often as chance lets them.
    case mixed
    /// Fewer changes of side than 5 % of random orders have.
    case blocked(changes: Int)
    /// A run does not say when it was.
    case unknown

    init(_ base: RunGroup, _ new: RunGroup) {
        let all = base.runs.map { (start: $0.start, isNew: false) } + new.runs.map { (start: $0.start, isNew: true) }
        let known = all.compactMap { run in run.start.map { (start: $0, isNew: run.isNew) } }
        guard known.count == all.count else {
            self = .unknown
            return
        }
        let order = known.sorted { $0.start < $1.start }.map(\.isNew)
        self =
            RunsTest.shareWithSoFewChanges(order) < Comparison.level
            ? .blocked(changes: zip(order, order.dropFirst()).count { $0 != $1 }) : .mixed
    }
}
