/// Those who mount.
extension FindingEvidence {
    private typealias Text = FindingText

    var writerFindings: [Finding] {
        let operations = records.tasks.values.filter { $0.key.series.metric == .semaphoreWriteHold }
        let writers = joined(operations) { owner($0.key.actor) }
        return writers.flatMap { name, rows in
            [churn(name, rows), idmapped(name, rows), unshare(name, rows)].compactMap { $0 }
        } + [oneWriter].compactMap { $0 }
    }

    /// Mounts belong to a container or unit, not to the process that a runtime started for a moment.
    private func owner(_ actor: Int) -> String { records.actors[actor]?.containerName ?? "an unknown process" }

    private func count(_ rows: [TaskRow], _ sites: Set<String>) -> UInt64 {
        sum(rows.filter { sites.contains($0.key.series.site) }, \.count) ?? 0
    }

    private func churn(_ name: String, _ rows: [TaskRow]) -> Finding? {
        let (mounts, umounts) = (count(rows, ["mount", "move_mount"]), count(rows, ["umount"]))
        // Both, again and again: a unit that only mounts or only cleans up is no churn.
        let rate = Double(min(mounts, umounts)) * 2 / seconds
        guard isEnough(rate, .mountChurn) else { return nil }
        return Finding(
            .mountChurn, subject: name,
            sentence: "\(name) made \(Text.amount(mounts, "mount")) and \(Text.amount(umounts, "umount")), "
                + "\(Text.decimal(rate)) a second",
            value: rate, threshold: FindingKind.mountChurn.threshold.value, cost: sum(rows, \.nanoseconds))
    }

    /// A layer of an image mapped by itself: open_tree, mount_setattr and move_mount for each.
    private func idmapped(_ name: String, _ rows: [TaskRow]) -> Finding? {
        let layers = count(rows, ["mount_setattr"])
        guard isEnough(Double(layers), .idmappedLayers), count(rows, ["open_tree"]) >= layers,
            count(rows, ["move_mount"]) >= layers
        else { return nil }
        let sites: Set<String> = ["open_tree", "mount_setattr", "move_mount"]
        return Finding(
            .idmappedLayers, subject: name,
            sentence: "\(name) maps users layer by layer: \(Text.count(layers)) mount_setattr beside open_tree and "
                + "move_mount",
            value: Double(layers), threshold: FindingKind.idmappedLayers.threshold.value,
            cost: sum(rows.filter { sites.contains($0.key.series.site) }, \.nanoseconds))
    }

    private func unshare(_ name: String, _ rows: [TaskRow]) -> Finding? {
        let copies = rows.filter { ["unshare", "clone"].contains($0.key.series.site) }
        guard let count = sum(copies, \.count), count >= 10, let time = sum(copies, \.nanoseconds),
            isEnough(Double(time) / Double(count), .longUnshare)
        else { return nil }
        return Finding(
            .longUnshare, subject: name,
            sentence: "\(name) made \(Text.amount(count, "mount namespace")), each copy held the lock "
                + "\(Text.duration(time / count))",
            value: Double(time) / Double(count), threshold: FindingKind.longUnshare.threshold.value, cost: time)
    }

    /// One writer who makes nearly all that the others suffer. The share whose writer is not known speaks against it.
    private var oneWriter: Finding? {
        let others = records.blame.values.filter { $0.key.writer == nil || $0.key.writer != $0.key.victim }
        guard let all = sum(others, \.count), all >= 100 else { return nil }
        let known = joined(others.filter { $0.key.writer != nil }) { owner($0.key.writer ?? 0) }
        let shares = known.map { (name: $0.name, count: sum($0.rows, \.count) ?? 0, rows: $0.rows) }
        guard let first = shares.max(by: { $0.count < $1.count }) else { return nil }
        let share = Double(first.count) / Double(all)
        guard isEnough(share, .oneWriter) else { return nil }
        let times = first.rows.compactMap(\.nanoseconds)
        return Finding(
            .oneWriter, subject: first.name,
            sentence:
                "\(first.name) caused \(Text.percent(share)) of \(Text.count(all)) retries, spins and waits of others",
            value: share, threshold: FindingKind.oneWriter.threshold.value,
            cost: times.isEmpty ? nil : times.reduce(UInt64?(0)) { sum, time in sum.flatMap { $0.adding(time) } })
    }
}
