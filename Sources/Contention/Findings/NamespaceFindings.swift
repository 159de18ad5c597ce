/// Mount namespaces whose tables are long, grow, or are copied.
extension FindingEvidence {
    private typealias Text = FindingText

    var namespaceFindings: [Finding] {
        records.namespaces.values.sorted { ($0.key.id ?? 0, $0.key.inode ?? 0) < ($1.key.id ?? 0, $1.key.inode ?? 0) }
            .flatMap { [longTable($0), leak($0), peerCopies($0)].compactMap { $0 } }
    }

    /// What a finding calls a namespace.
    func label(_ namespace: NamespaceTotal) -> String {
        let name = namespace.row.container.map { "\($0), " } ?? ""
        return "\(name)namespace \(namespace.key.inode ?? namespace.key.id ?? 0)"
    }

    /// Long tables cost where they are read.
    private func longTable(_ namespace: NamespaceTotal) -> Finding? {
        guard let mounts = namespace.mostMounts, isEnough(Double(mounts), .longTable) else { return nil }
        let rows = records.scans.values.filter { $0.key.namespace.isSame(as: namespace.key) && $0.key.table.isFile }
        guard let scans = sum(rows, \.scans), scans > 0 else { return nil }
        let hold = sum(rows, \.hold)
        let each = hold.map { ", \(Text.duration($0 / scans)) of holding the lock each" } ?? ""
        return Finding(
            .longTable, subject: label(namespace),
            sentence:
                "\(label(namespace)) has \(Text.amount(mounts, "mount")) and was read \(Text.amount(scans, "time"))"
                + each,
            value: Double(mounts), threshold: FindingKind.longTable.threshold.value, cost: hold)
    }

    private func leak(_ namespace: NamespaceTotal) -> Finding? {
        guard let growth = namespace.growth, isEnough(growth, .leakingNamespace), let mounts = namespace.row.mounts,
            mounts == namespace.mostMounts, namespace.watched >= 600_000_000_000
        else { return nil }
        return Finding(
            .leakingNamespace, subject: label(namespace),
            sentence:
                "\(label(namespace)) gains \(Text.decimal(growth)) mounts an hour and has \(Text.count(mounts)) now",
            value: growth, threshold: FindingKind.leakingNamespace.threshold.value, cost: nil)
    }

    private func peerCopies(_ namespace: NamespaceTotal) -> Finding? {
        guard let peers = namespace.row.peers, isEnough(Double(peers), .peerCopies),
            let events = changes(of: namespace),
            Double(events) / seconds >= 1
        else { return nil }
        return Finding(
            .peerCopies, subject: label(namespace),
            sentence:
                "\(label(namespace)) changed \(Text.amount(events, "time")), and a mount in its largest peer group "
                + "is made \(Text.count(peers)) times",
            value: Double(peers), threshold: FindingKind.peerCopies.threshold.value, cost: nil)
    }
}
