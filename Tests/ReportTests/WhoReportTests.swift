import Contention
import Testing

@testable import Report

@Suite struct WhoReportTests {
    private func records() -> RecordBatch {
        var batch = RecordBatch()
        func add(_ number: Int, _ command: String, _ container: String?) {
            batch.actors.append(
                ActorRow(
                    number: number, process: Int32(number), command: command, cgroupID: 5, cgroup: "/a",
                    container: container, namespace: MountNamespace(id: 7, inode: 4_026_531_841), firstSequence: 1))
        }
        func task(_ actor: Int, _ metric: Metric, _ site: String, _ count: UInt64, _ time: UInt64?) {
            batch.tasks.append(
                TaskRow(
                    TaskRow.Key(actor: actor, series: SeriesKey(metric, site: site)), count: count, nanoseconds: time))
        }
        add(1, "containerd", "containerd.service")
        add(2, "kubelet", "kubelet.service")
        add(3, "ja\u{1B}[2Jva", nil)
        task(1, .writeAcquires, "path_mount", 90, nil)
        task(2, .writeAcquires, "path_mount", 10, nil)
        task(1, .semaphoreWriteHold, "mount", 80, 40_000_000)
        task(2, .readHold, "mountinfo", 400, 100_000_000)
        task(3, .spinTime, "lookup_mnt", 50, 6_000_000)
        task(3, .readRetries, "walk", 20, nil)
        return batch
    }

    private func run(_ batch: RecordBatch) throws -> ReportedRun {
        var records = RecordTotals()
        records.add(batch, end: 2_000_000_000)
        return try run(records)
    }

    private func run(_ records: RecordTotals) throws -> ReportedRun {
        var host = HostConditions()
        host.hostname = "web7"
        host.kernelRelease = "6.12"
        host.onlineCPUs = [0, 1]
        var builder = RunTotalsBuilder(start: (0, 0), isSparse: false)
        var record = IntervalRecord()
        (record.sequence, record.monotonic, record.elapsed) = (1, 2_000_000_000, 2_000_000_000)
        builder.add(record, [SeriesName(SeriesKey(.writeSections))])
        return ReportedRun(
            path: "run", identifier: "x", toolVersion: "1", host: host, attachTable: [], command: nil,
            ending: "finished", plannedInterval: 2_000_000_000, totals: try builder.finish(), records: records)
    }

    @Test("a run by process has who wrote, read and waited, the costliest first, unknown as -")
    func aRunByProcess() throws {
        let lines = WhoReport(try run(records()), by: .process).text(width: 120).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.first == "mountscope  web7  6.12  2 CPUs  2.00 s in 1 interval of 2.00 s (finished)")
        let cells = lines.dropFirst().map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        #expect(
            cells == [
                ["PROCESS", "TASKS", "WRITES/s", "WRITING/s", "READS/s", "READING/s", "RETRIES/s", "WAITED/s"],
                ["kubelet[2]", "1", "5.00", "-", "200", "50.0", "ms", "-", "-"],
                ["containerd[1]", "1", "45.0", "20.0", "ms", "-", "-", "-", "-"],
                ["ja\\x1B[2Jva[3]", "1", "-", "-", "-", "-", "10.0", "3.00", "ms"],
            ])
        // Right-aligned columns end where their titles do, whatever the names are.
        #expect(Set(lines.dropFirst().map(\.count)).count == 1)
    }

    @Test("a narrow table drops columns, and a run without records says why")
    func aNarrowTableDropsColumns() throws {
        let lines = WhoReport(try run(records()), by: .container).text(width: 80).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.contains { $0.hasPrefix("containerd.service") })
        var none = RecordBatch()
        none.unavailable = [.tasks: "--who off"]
        #expect(WhoReport(try run(none), by: .process).text(width: 80).hasSuffix("\nwho is not known: --who off\n"))
    }

    @Test("by namespace there are the mounts of each, and how many it gains an hour")
    func byNamespace() throws {
        var batch = RecordBatch()
        batch.unavailable = [.tasks: "not on this kernel"]
        var records = RecordTotals()
        let hour: UInt64 = 3_600_000_000_000
        for look in UInt64(1)...3 {
            batch.namespaces = [
                NamespaceRow(
                    MountNamespace(id: 7, inode: 4_026_531_841), mounts: 1_000 + 60 * look, peers: 2, processes: 9,
                    container: "init.scope"),
                NamespaceRow(MountNamespace(id: nil, inode: 5), mounts: nil),
            ]
            records.add(batch, end: look * hour)
        }
        let lines = WhoReport(try run(records), by: .namespace).text(width: 120).split(separator: "\n").suffix(3)
            .map { $0.split(separator: " ").map(String.init) }
        #expect(
            lines == [
                ["NAMESPACE", "MOUNTS", "MOST", "PER", "HOUR", "PEERS", "PROCESSES", "LIVES", "IN", "IT"],
                ["mnt:[4026531841]", "1,180", "1,180", "+60.0", "2", "9", "init.scope"],
                ["mnt:[5]", "-", "-", "-", "-", "-", "-"],
            ])
    }

    @Test("the first three writers, readers and victims of an interval, with their shares")
    func topThree() {
        var batch = records()
        for number in 4...6 {
            batch.actors.append(
                ActorRow(number: number, process: Int32(number), command: "w", firstSequence: 1))
            batch.tasks.append(
                TaskRow(TaskRow.Key(actor: number, series: SeriesKey(.writeAcquires, site: "x")), count: 1))
        }
        var top = TopThree()
        func bundle(_ batch: RecordBatch) -> IntervalBundle {
            IntervalBundle(
                Interval(sequence: 1, endMonotonic: 1, endRealtime: 0, elapsed: 1_000, series: []), records: batch)
        }
        #expect(
            top.lines(bundle(batch)) == [
                "writers: containerd[1] 87 %, kubelet[2] 10 %, w[4] 1 %, 2 more", "readers: kubelet[2] 100 %",
                "victims: ja\u{1B}[2Jva[3] 100 %",
            ])
        // Names of those who were seen before are known.
        var next = RecordBatch()
        next.tasks = [TaskRow(TaskRow.Key(actor: 4, series: SeriesKey(.writeAcquires, site: "x")), count: 3)]
        #expect(top.lines(bundle(next)) == ["writers: w[4] 100 %"])
        #expect(top.lines(bundle(RecordBatch())).isEmpty)
    }

    @Test("findings stand at the end of a report, with their cost and what to change")
    func findingsStandAtTheEnd() throws {
        var batch = records()
        var scan = ScanRow(
            ScanRow.Key(actor: 2, table: .mountinfo, namespace: MountNamespace(id: 7, inode: 4_026_531_841)))
        (scan.complete, scan.abandoned, scan.redundant, scan.pages, scan.hold) = (100, 0, 98, 400, 100_000_000)
        batch.scans = [scan]
        let text = RunReport(try run(batch)).text(width: 100)
        #expect(
            text.contains(
                """

                findings:
                1. kubelet in kubelet.service read mountinfo 100 times; in 98 of them nothing had changed since its
                  last one (at most 98.0 ms)
                   change: wait with poll(2)
                """))
        #expect(!RunReport(try run(records())).text(width: 100).contains("findings"))
    }
}
