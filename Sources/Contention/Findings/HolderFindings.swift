/// Holders that are slow for a reason of their own.
extension FindingEvidence {
    private typealias Text = FindingText
    private static let holds: Set<Metric> = [.semaphoreWriteHold, .readHold, .writeHold, .exclusiveHold]

    var holderFindings: [Finding] {
        let holds = records.tasks.values.filter { Self.holds.contains($0.key.series.metric) }
        return joined(holds) { subject($0.key.actor) }.flatMap { name, rows in
            [preempted(name, rows), throttled(name, rows)].compactMap { $0 }
        }
    }

    private func preempted(_ name: String, _ rows: [TaskRow]) -> Finding? {
        let known = rows.filter { $0.involuntary != nil }
        guard let switches = sum(known, \.involuntary), let holds = sum(known, \.count), holds > 0, switches >= 10
        else { return nil }
        let share = Double(switches) / Double(holds)
        guard isEnough(share, .preemptedHolder) else { return nil }
        return Finding(
            .preemptedHolder, subject: name,
            sentence: "the CPU was taken from \(name) \(Text.amount(switches, "time")) while it held a lock, in "
                + "\(Text.amount(holds, "hold"))",
            value: share, threshold: FindingKind.preemptedHolder.threshold.value, cost: sum(known, \.nanoseconds))
    }

    private func throttled(_ name: String, _ rows: [TaskRow]) -> Finding? {
        // Of the cgroup, and so the same beside each of its rows.
        guard let throttled = rows.compactMap(\.throttled).max() else { return nil }
        let share = Double(throttled) / Double(elapsed)
        guard isEnough(share, .throttledHolder) else { return nil }
        return Finding(
            .throttledHolder, subject: name,
            sentence: "\(name) holds the locks and its cgroup was throttled for \(Text.duration(throttled)), "
                + "\(Text.percent(share)) of the time",
            value: share, threshold: FindingKind.throttledHolder.threshold.value, cost: sum(rows, \.nanoseconds))
    }
}
