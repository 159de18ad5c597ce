/// Readers of the mount tables who read more, or more often, than they need.
extension FindingEvidence {
    private typealias Text = FindingText

    var scanFindings: [Finding] {
        joined(records.scans.values) { subject($0.key.actor) }.flatMap { name, rows in
            [blindRereader(name, rows), smallBuffer(name, rows)].compactMap { $0 }
        }
    }

    private func blindRereader(_ name: String, _ rows: [ScanRow]) -> Finding? {
        guard let redundant = sum(rows, \.redundant), let complete = sum(rows, \.complete),
            isEnough(Double(redundant), .blindRereader), redundant * 2 >= complete
        else { return nil }
        let table = rows.max { ($0.complete ?? 0) < ($1.complete ?? 0) }?.key.table.rawValue ?? "the table"
        return Finding(
            .blindRereader, subject: name,
            sentence:
                "\(name) read \(table) \(Text.amount(complete, "time")); in \(Text.count(redundant)) of them nothing "
                + "had changed since its last one",
            value: Double(redundant), threshold: FindingKind.blindRereader.threshold.value,
            cost: part(sum(rows, \.hold), redundant, of: complete))
    }

    /// A page of 4,096 bytes is what a read can give; a smaller buffer takes more reads, and each holds the lock.
    private func smallBuffer(_ name: String, _ rows: [ScanRow]) -> Finding? {
        let small = rows.filter { ($0.buffer ?? .max) < 4096 && $0.key.table.isFile }
        guard let bytes = sum(small, \.bytes), let pages = sum(small, \.pages), let scans = sum(small, \.scans),
            let buffer = small.compactMap(\.buffer).min()
        else { return nil }
        let needed = bytes / 4096 + scans
        guard pages > needed, isEnough(Double(pages - needed), .smallBuffer) else { return nil }
        return Finding(
            .smallBuffer, subject: name,
            sentence:
                "\(name) reads \(Text.count(buffer)) bytes at a time: \(Text.count(pages)) reads that hold the lock "
                + "where \(Text.count(needed)) would do",
            value: Double(pages - needed), threshold: FindingKind.smallBuffer.threshold.value,
            cost: part(sum(small, \.hold), pages - needed, of: pages))
    }

    /// Changes of a namespace's mounts: as the kernel counts them, else as its processes made them.
    func changes(of namespace: NamespaceTotal) -> UInt64? {
        if let events = namespace.row.events { return events }
        let operations: Set<String> = ["mount", "umount", "move_mount", "pivot_root"]
        let rows = records.tasks.values.filter { row in
            row.key.series.metric == .semaphoreWriteHold && operations.contains(row.key.series.site)
                && records.actors[row.key.actor]?.namespace.isSame(as: namespace.key) == true
        }
        return rows.isEmpty ? nil : sum(rows, \.count)
    }

    /// Scans by pollers, over the changes that woke them, by namespace.
    var pollerFindings: [Finding] {
        let polled = records.scans.values.filter { ($0.polled ?? 0) > 0 }
        return Dictionary(grouping: polled, by: \.key.namespace).compactMap { namespace, rows in
            guard let scans = sum(rows, \.polled),
                let total = records.namespaces.values.first(where: { $0.key.isSame(as: namespace) }),
                let events = changes(of: total), events > 0
            else { return nil }
            let value = Double(scans) / Double(events)
            let readers = Set(rows.map(\.key.actor)).count
            guard isEnough(value, .pollerStampede), readers > 1, scans >= 100 else { return nil }
            let name = label(total)
            return Finding(
                .pollerStampede, subject: name,
                sentence:
                    "each change of the mounts of \(name) made pollers read its table \(Text.decimal(value)) times: "
                    + "\(Text.count(UInt64(readers))) processes, \(Text.amount(scans, "scan")), \(Text.amount(events, "change"))",
                value: value, threshold: FindingKind.pollerStampede.threshold.value,
                cost: sum(rows) { part($0.hold, $0.polled ?? 0, of: max(1, $0.scans ?? 0)) })
        }
    }
}

extension ScanRow.Table {
    /// Whether it is read as a file, a page at a time.
    public var isFile: Bool { self != .statmount && self != .listmount }
}
