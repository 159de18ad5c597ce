import Contention

/// Records of small runs, of every kind, with numbers that are always the same.
extension SmallRun {
    /// Gives every interval records: two new actors and a row of each table for every actor so far.
    package mutating func addRecords() {
        records = intervals.indices.map { index in
            var batch = RecordBatch()
            batch.actors = [2 * index + 1, 2 * index + 2].map { SmallRun.actor($0, interval: index + 1) }
            for actor in 1...(2 * index + 2) {
                let number = UInt64(actor)
                batch.tasks.append(
                    TaskRow(
                        TaskRow.Key(actor: actor, series: SeriesKey(.semaphoreWriteHold, site: "mount")), count: number,
                        nanoseconds: 1_000 * number, maximum: index == 0 ? 900 : nil, involuntary: 0, voluntary: number)
                )
                batch.tasks.append(
                    TaskRow(
                        TaskRow.Key(actor: actor, series: SeriesKey(.readRetries, site: "walk")), count: 3 * number,
                        mode: .estimated))
                batch.scans.append(SmallRun.scan(actor))
                batch.blame.append(
                    BlameRow(
                        BlameRow.Key(
                            writer: actor == 1 ? nil : actor, operation: "umount", victim: 1, metric: .readRetries),
                        count: number))
            }
            batch.namespaces = [
                NamespaceRow(
                    SmallRun.namespace, mounts: 30 + UInt64(index), peers: 2, processes: nil, container: "docker:web",
                    events: index == 0 ? nil : 7)
            ]
            return batch
        }
    }

    package static let namespace = MountNamespace(id: 9, inode: 4_026_531_841)

    /// With names that a spreadsheet, a terminal or a CSV reader could take for something else.
    private static func actor(_ number: Int, interval: Int) -> ActorRow {
        let names = ["=cmd|' /C'!A0", "a,\"b\"", "-1", "\\x1B[2J", "'quoted", "plain"]
        return ActorRow(
            number: number, kind: number % 5 == 0 ? .group : .process, process: number % 5 == 0 ? nil : Int32(number),
            start: number % 5 == 0 ? nil : 123_456_789_012, command: names[number % names.count],
            cgroupID: UInt64(number), cgroup: "/system.slice/a\\x5Cx2db.service", container: "@docker",
            namespace: SmallRun.namespace, firstSequence: interval)
    }

    private static func scan(_ actor: Int) -> ScanRow {
        var row = ScanRow(ScanRow.Key(actor: actor, table: .mountinfo, namespace: SmallRun.namespace))
        row.complete = UInt64(actor)
        row.abandoned = 0
        row.redundant = 0
        row.pages = 4 * UInt64(actor)
        row.bytes = 12_345
        row.buffer = 1_024
        row.hold = 77_000
        row.holdMaximum = nil
        return row
    }
}
