import Contention

/// A recorded run as a report needs it.
public struct ReportedRun: Sendable {
    /// The folder.
    public let path: String
    public let identifier: String
    public let toolVersion: String
    public let host: HostConditions
    public let attachTable: [AttachRow]
    /// Why series had no numbers at the end, where the attach table does not say.
    public let reasons: [SeriesKey: String]
    /// COMMAND as one line, and how it ended; nil without one.
    public let command: String?
    /// `finished`, `interrupted by SIGINT`, `cut short`
    public let ending: String
    /// Nanoseconds, as asked for.
    public let plannedInterval: UInt64
    public let totals: RunTotals
    /// By actor; empty where the run has none.
    public let records: RecordTotals
    /// What the run has that this version passes over, a sentence each.
    public let passedOver: [String]

    public init(
        path: String, identifier: String, toolVersion: String, host: HostConditions, attachTable: [AttachRow],
        reasons: [SeriesKey: String] = [:], command: String?, ending: String, plannedInterval: UInt64,
        totals: RunTotals, records: RecordTotals = RecordTotals(), passedOver: [String] = []
    ) {
        self.records = records
        self.passedOver = passedOver
        self.path = path
        self.identifier = identifier
        self.toolVersion = toolVersion
        self.host = host
        self.attachTable = attachTable
        self.reasons = reasons
        self.command = command
        self.ending = ending
        self.plannedInterval = plannedInterval
        self.totals = totals
    }

    /// Everything as one interval.
    var summary: Interval {
        var all: [SeriesKey: String] = [:]
        for row in attachTable where row.mode == .unavailable { all[row.key] = row.reason }
        return totals.summary(reasons: all.merging(reasons) { _, atTheEnd in atTheEnd })
    }

    /// What the run shows to be wrong, those that cost most first.
    var findings: [Finding] { FindingEvidence(records, elapsed: totals.elapsed).findings }

    /// What the budget took off, of series that have numbers: where there are none their reason stands elsewhere.
    var removals: [ProbeRemoval] {
        ProbeRemoval.among(reasons, of: totals.series.filter { $0.count != nil }.compactMap(\.name.key))
    }

    /// `taken off after 2.1 s: its probes took ...: mount_lock.reader_spins, mount_lock.spin_time`
    func removalLines(of removals: [ProbeRemoval]) -> [String] {
        let names = SeriesNames(totals.series.compactMap(\.name.key))
        return removals.map { "\(names.join($0.keys)): \($0.reason)" }
    }

    /// `8.00 s in 8 intervals of 1.00 s (finished)`
    var length: String {
        let amount = Units.amount(totals.intervals, "interval")
        return "\(Units.duration(totals.elapsed)) in \(amount) of \(Units.duration(plannedInterval)) (\(ending))"
    }

    var cpus: String {
        Units.amount(host.onlineCPUs.isEmpty ? host.possibleCPUs : host.onlineCPUs.count, "CPU")
    }

    /// `2 sockets`, `1 NUMA node`, `64 cores`: what is known.
    var topology: [String] {
        [(host.sockets, "socket"), (host.numaNodes, "NUMA node"), (host.cores, "core")]
            .filter { $0.0 > 0 }.map { Units.amount($0.0, $0.1) }
    }

    /// At the start: `57`, or `57, 3 mount namespaces` where those were counted.
    var mounts: String {
        "\(host.mountsInNamespace)" + (host.mountNamespaces.map { ", " + Units.amount($0, "mount namespace") } ?? "")
    }
}
