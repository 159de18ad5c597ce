/// What systemd reads: for the services that it starts, and after every mount.
extension FindingEvidence {
    private typealias Text = FindingText

    var managerFindings: [Finding] {
        let files = records.scans.values.filter(\.key.table.isFile)
        let starting = files.filter { isStarting($0.key.actor) }
        let services = joined(starting) { records.actors[$0.key.actor]?.containerName ?? "" }
        let managers = joined(files.filter { isManager($0.key.actor) }) { subject($0.key.actor) }
        return services.compactMap(hardened) + managers.compactMap(manager)
    }

    /// systemd's child between fork and exec calls itself `(name)`, in the unit's cgroup.
    private func isStarting(_ actor: Int) -> Bool {
        guard let row = records.actors[actor], let command = row.command, row.container != nil else { return false }
        return command.count > 2 && command.hasPrefix("(") && (command.hasSuffix(")") || command.utf8.count == 15)
            && !command.hasPrefix("(sd-")
    }

    private func isManager(_ actor: Int) -> Bool {
        guard let row = records.actors[actor] else { return false }
        return row.command == "systemd" && (row.process == 1 || row.container?.hasPrefix("user@") == true)
    }

    private func hardened(_ name: String, _ rows: [ScanRow]) -> Finding? {
        guard let pages = sum(rows, \.pages), let scans = sum(rows, \.scans), isEnough(Double(pages), .hardenedService)
        else { return nil }
        let starts = Set(rows.map(\.key.actor)).count
        return Finding(
            .hardenedService, subject: name,
            sentence: "to start \(name) \(Text.amount(UInt64(starts), "time")), systemd read the mount table "
                + "\(Text.amount(scans, "time")), \(Text.amount(pages, "page"))",
            value: Double(pages), threshold: FindingKind.hardenedService.threshold.value, cost: sum(rows, \.hold))
    }

    private func manager(_ name: String, _ rows: [ScanRow]) -> Finding? {
        guard let hold = sum(rows, \.hold), let scans = sum(rows, \.scans) else { return nil }
        let share = Double(hold) / Double(elapsed)
        guard isEnough(share, .serviceManager) else { return nil }
        return Finding(
            .serviceManager, subject: name,
            sentence: "\(name) read the mount table \(Text.amount(scans, "time")) and held the lock "
                + "\(Text.percent(share)) of the time for it",
            value: share, threshold: FindingKind.serviceManager.threshold.value, cost: hold)
    }
}
