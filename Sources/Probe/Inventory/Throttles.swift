import Contention

/// Puts the time that cgroups were throttled beside the holds of their processes: of the times between two readings in which an
/// actor held the lock, not of those in which it was idle.
struct Throttles {
    private struct State {
        /// Holds at the latest reading.
        let count: UInt64?
        /// Of the cgroup at the latest reading, nanoseconds.
        let cgroup: UInt64
        /// Nanoseconds beside holds so far.
        let sum: UInt64
    }

    private static let holds: Set<Metric> = [.semaphoreWriteHold, .readHold, .writeHold, .exclusiveHold]
    private var reader: ThrottleReader
    private var states: [TaskRow.Key: State] = [:]

    init(_ reader: ThrottleReader) { self.reader = reader }

    /// The rows, cumulative as they are, with their throttled time where it is known.
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    ///   - path: the cgroup of an actor, escaped; nil where it is not known.
    mutating func beside(_ rows: [TaskRow], _ now: UInt64, path: (_ actor: Int) -> String?) -> [TaskRow] {
        var next: [TaskRow.Key: State] = [:]
        let completed = rows.map { row in
            guard Self.holds.contains(row.key.series.metric), let path = path(row.key.actor),
                let cgroup = reader.throttled(path, now)
            else { return row }
            var row = row
            let before = states[row.key]
            let isHolder = row.count != before?.count
            let grown = cgroup - min(cgroup, before?.cgroup ?? 0)
            let sum = (before?.sum ?? 0) + (isHolder ? grown : 0)
            next[row.key] = State(count: row.count, cgroup: cgroup, sum: sum)
            row.throttled = sum
            return row
        }
        // Those that were harvested are forgotten.
        states = next
        return completed
    }
}
