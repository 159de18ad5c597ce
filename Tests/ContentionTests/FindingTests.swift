import Testing

@testable import Contention

/// Each finding by a load that provokes it, and by one just below its threshold that does not.
@Suite struct FindingTests {
    private let host = MountNamespace(id: 1, inode: 4_026_531_841)

    /// A world of actors 1 (kubelet), 2 (containerd), 3 (systemd), 4 (a service that starts) and more of the last kind.
    private struct World {
        var batch = RecordBatch()

        init() {
            add(1, "kubelet", "kubelet.service")
            add(2, "containerd", "containerd.service")
            add(3, "systemd", "init.scope", process: 1)
            add(4, "(hard)", "hard.service")
        }

        mutating func add(_ number: Int, _ command: String, _ container: String, process: Int32 = 99) {
            batch.actors.append(
                ActorRow(
                    number: number, process: process, command: command, cgroupID: UInt64(number), container: container,
                    firstSequence: 1))
        }

        func findings(seconds: UInt64 = 10) -> [Finding] {
            var totals = RecordTotals()
            totals.add(batch, end: seconds * 1_000_000_000)
            return FindingEvidence(totals, elapsed: seconds * 1_000_000_000).findings
        }
    }

    private func scan(_ actor: Int, complete: UInt64, change: (inout ScanRow) -> Void) -> ScanRow {
        var row = ScanRow(ScanRow.Key(actor: actor, table: .mountinfo, namespace: host))
        (row.complete, row.abandoned, row.redundant, row.polled) = (complete, 0, 0, 0)
        (row.pages, row.bytes, row.hold, row.buffer) = (complete, complete * 2_000, 0, 4096)
        change(&row)
        return row
    }

    private func task(
        _ actor: Int, _ metric: Metric, _ site: String, _ count: UInt64, _ nanoseconds: UInt64? = 1_000,
        change: (inout TaskRow) -> Void = { _ in }
    ) -> TaskRow {
        var row = TaskRow(
            TaskRow.Key(actor: actor, series: SeriesKey(metric, site: site)), count: count, nanoseconds: nanoseconds)
        change(&row)
        return row
    }

    private func kinds(_ world: World, seconds: UInt64 = 10) -> [FindingKind] {
        world.findings(seconds: seconds).map(\.kind)
    }

    @Test("a quiet host has no findings, and neither has a run without records")
    func aQuietHostHasNone() {
        #expect(World().findings().isEmpty)
        #expect(FindingEvidence(RecordTotals(), elapsed: 0).findings.isEmpty)
    }

    @Test("a reader that reads again what has not changed", arguments: [(10, true), (9, false)])
    func blindRereader(redundant: UInt64, isFound: Bool) {
        var world = World()
        world.batch.scans = [
            scan(1, complete: 20) {
                $0.redundant = redundant
                $0.hold = 4_000_000
            }
        ]
        #expect(kinds(world) == (isFound ? [.blindRereader] : []))
        #expect(world.findings().first?.cost == (isFound ? 2_000_000 : nil))
        // Few of many are no habit.
        world.batch.scans = [scan(1, complete: 21) { $0.redundant = 10 }]
        #expect(kinds(world).isEmpty)
    }

    @Test("a reader with a small buffer", arguments: [(1_124, 4095, true), (1_123, 4095, false), (1_124, 4096, false)])
    func smallBuffer(pages: UInt64, buffer: UInt64, isFound: Bool) {
        var world = World()
        // A million bytes are 1,014 pages and ten ends.
        world.batch.scans = [
            scan(1, complete: 10) { ($0.pages, $0.bytes, $0.buffer, $0.hold) = (pages, 4_153_344, buffer, 1_124_000) }
        ]
        #expect(kinds(world) == (isFound ? [.smallBuffer] : []))
        if isFound { #expect(world.findings().first?.cost == 100_000) }
    }

    @Test("pollers that each change wakes", arguments: [(400, true), (399, false)])
    func pollerStampede(polled: UInt64, isFound: Bool) {
        var world = World()
        world.batch.scans = [
            scan(1, complete: 200) { $0.polled = 200 }, scan(2, complete: polled - 200) { $0.polled = polled - 200 },
        ]
        world.batch.namespaces = [NamespaceRow(host, mounts: 30, events: 100)]
        #expect(kinds(world) == (isFound ? [.pollerStampede] : []))
    }

    @Test("a long table that is read", arguments: [(1_000, 1, true), (999, 1, false), (1_000, 0, false)])
    func longTable(mounts: UInt64, scans: UInt64, isFound: Bool) {
        var world = World()
        world.batch.namespaces = [NamespaceRow(host, mounts: mounts, events: 0)]
        world.batch.scans = [scan(1, complete: scans) { $0.hold = 5_000_000 }]
        #expect(kinds(world) == (isFound ? [.longTable] : []))
    }

    @Test("a namespace that gains mounts", arguments: [(30, 60, true), (29, 60, false), (3, 3, false)])
    func leakingNamespace(mounts: UInt64, minutes: UInt64, isFound: Bool) {
        let minute: UInt64 = 60_000_000_000
        var totals = RecordTotals()
        for look in UInt64(0)...3 {
            var batch = RecordBatch()
            batch.namespaces = [NamespaceRow(host, mounts: 100 + look * mounts, events: 1)]
            totals.add(batch, end: minute * (look * minutes + 1))
        }
        let found = FindingEvidence(totals, elapsed: 3 * minutes * minute).findings.map(\.kind)
        #expect(found == (isFound ? [.leakingNamespace] : []))
    }

    @Test("mounts that are made and taken away again and again", arguments: [(25, 25, true), (24, 400, false)])
    func mountChurn(mounts: UInt64, umounts: UInt64, isFound: Bool) {
        var world = World()
        world.batch.tasks = [
            task(2, .semaphoreWriteHold, "mount", mounts), task(2, .semaphoreWriteHold, "umount", umounts),
        ]
        #expect(kinds(world) == (isFound ? [.mountChurn] : []))
        #expect(world.findings().first?.cost == (isFound ? 2_000 : nil))
    }

    @Test("one writer who makes what the others suffer", arguments: [(80, 20, true), (79, 21, false), (79, 20, false)])
    func oneWriter(first: UInt64, others: UInt64, isFound: Bool) {
        var world = World()
        func blame(_ writer: Int?, _ victim: Int?, _ count: UInt64) -> BlameRow {
            BlameRow(
                BlameRow.Key(writer: writer, operation: "mount", victim: victim, metric: .readRetries), count: count)
        }
        // What a writer does to itself is not counted; the unknown share is.
        world.batch.blame = [blame(2, 1, first), blame(nil, 1, others), blame(3, 3, 5_000)]
        #expect(kinds(world) == (isFound ? [.oneWriter] : []))
        if isFound { #expect(world.findings().first?.subject == "containerd.service") }
    }

    @Test("a holder that loses its CPU", arguments: [(10, 1_000, true), (10, 1_001, false), (9, 100, false)])
    func preemptedHolder(switches: UInt64, holds: UInt64, isFound: Bool) {
        var world = World()
        world.batch.tasks = [task(2, .semaphoreWriteHold, "mount", holds) { $0.involuntary = switches }]
        #expect(kinds(world) == (isFound ? [.preemptedHolder] : []))
    }

    @Test("a holder whose cgroup is throttled", arguments: [(100_000_000, true), (99_999_999, false)])
    func throttledHolder(throttled: UInt64, isFound: Bool) {
        var world = World()
        world.batch.tasks = [task(2, .readHold, "mountinfo", 5) { $0.throttled = throttled }]
        #expect(kinds(world) == (isFound ? [.throttledHolder] : []))
    }

    @Test("a service whose start makes systemd read the table", arguments: [(100, true), (99, false)])
    func hardenedService(pages: UInt64, isFound: Bool) {
        var world = World()
        world.add(5, "(hard)", "hard.service")
        world.batch.scans = [
            scan(4, complete: 5) { $0.pages = 60 }, scan(5, complete: 5) { $0.pages = pages - 60 },
        ]
        #expect(kinds(world) == (isFound ? [.hardenedService] : []))
        if isFound {
            #expect(
                world.findings().first?.sentence
                    == "to start hard.service 2 times, systemd read the mount table 10 times, 100 pages")
        }
    }

    @Test("systemd that reads after every mount", arguments: [(10_000_000, true), (9_999_999, false)])
    func serviceManager(hold: UInt64, isFound: Bool) {
        var world = World()
        world.batch.scans = [scan(3, complete: 50) { $0.hold = hold }]
        #expect(kinds(world) == (isFound ? [.serviceManager] : []))
    }

    @Test("layers that are mapped one by one", arguments: [(20, 20, true), (19, 20, false), (20, 19, false)])
    func idmappedLayers(layers: UInt64, moves: UInt64, isFound: Bool) {
        var world = World()
        world.batch.tasks = [
            task(2, .semaphoreWriteHold, "open_tree", 20), task(2, .semaphoreWriteHold, "mount_setattr", layers),
            task(2, .semaphoreWriteHold, "move_mount", moves),
        ]
        #expect(kinds(world) == (isFound ? [.idmappedLayers] : []))
    }

    @Test(
        "copies of a long table", arguments: [(10, 10_000_000, true), (10, 9_999_999, false), (9, 90_000_000, false)])
    func longUnshare(count: UInt64, time: UInt64, isFound: Bool) {
        var world = World()
        world.batch.tasks = [task(2, .semaphoreWriteHold, "unshare", count, time)]
        #expect(kinds(world) == (isFound ? [.longUnshare] : []))
    }

    @Test("mounts that are copied to many peers", arguments: [(8, 10, true), (7, 10, false), (8, 9, false)])
    func peerCopies(peers: UInt64, events: UInt64, isFound: Bool) {
        var world = World()
        world.batch.namespaces = [NamespaceRow(host, mounts: 30, peers: peers, events: events)]
        #expect(kinds(world) == (isFound ? [.peerCopies] : []))
    }

    @Test("what costs most comes first, and what is not known is no cost of 0")
    func whatCostsMostComesFirst() {
        var world = World()
        world.batch.tasks = [task(2, .semaphoreWriteHold, "unshare", 10, 50_000_000)]
        world.batch.scans = [
            scan(1, complete: 10) {
                $0.redundant = 10
                $0.hold = 70_000_000
            },
            scan(3, complete: 10) {
                $0.redundant = 10
                $0.hold = nil
            },
        ]
        let findings = world.findings()
        #expect(findings.map(\.cost) == [70_000_000, 50_000_000, nil])
        #expect(findings.map(\.kind) == [.blindRereader, .longUnshare, .blindRereader])
    }

    @Test("unknown numbers provoke nothing")
    func unknownNumbersProvokeNothing() {
        var world = World()
        world.batch.scans = [ScanRow(ScanRow.Key(actor: 3, table: .mountinfo, namespace: host))]
        world.batch.tasks = [task(2, .semaphoreWriteHold, "mount", 1, nil) { $0.count = nil }]
        world.batch.namespaces = [NamespaceRow(host)]
        world.batch.blame = [
            BlameRow(BlameRow.Key(writer: 1, operation: "", victim: 2, metric: .readRetries), count: nil)
        ]
        #expect(world.findings().isEmpty)
    }

    @Test("every kind has a threshold, its unit and an advice")
    func everyKindHasAnAdvice() {
        for kind in FindingKind.allCases {
            #expect(kind.threshold.value > 0)
            #expect(!kind.threshold.unit.isEmpty && !kind.advice.isEmpty)
        }
    }
}
