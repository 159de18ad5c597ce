@testable import Contention
@testable import Report

/// A run that a page can be made of: its rows are made here, interval by interval.
struct PageFixture {
    static let names = [
        SeriesName(SeriesKey(.writeSections)), SeriesName(SeriesKey(.readRetries, site: "walk")),
        SeriesName(SeriesKey(.readRetries, site: "lookup")), SeriesName(SeriesKey(.readHold, site: "mountinfo")),
        SeriesName(SeriesKey(.spinTime, site: "path_init")), SeriesName(SeriesKey(.lockWait, site: "write")),
    ]
    static let hostile = "<script>alert(\"1\")</script>\u{1B}[2J\u{202E}"

    var intervals = 4
    var cpus = [0, 2]
    var isHostile = false

    /// Retries at two sites, at one of them none known in the last interval; spins in the third interval only.
    func totals() throws -> RunTotals {
        var builder = RunTotalsBuilder(start: (1_000, 1_709_164_800_000_000_000), isSparse: false, byCPU: true)
        for interval in 1...intervals { add(interval, to: &builder) }
        builder.add(bucket: HistogramLayout.bucket(of: 250_000_000), count: UInt64(intervals), Self.names[3], in: 1)
        return try builder.finish()
    }

    private func add(_ interval: Int, to builder: inout RunTotalsBuilder) {
        var record = IntervalRecord()
        record.sequence = interval
        record.elapsed = 1_000_000_000
        record.monotonic = 1_000 + UInt64(interval) * record.elapsed
        record.realtime = 1_709_164_800_000_000_000 + Int64(interval) * 1_000_000_000
        func row(_ series: Int, cpu: Int? = nil, _ count: UInt64?, nanoseconds: UInt64? = nil) {
            record.series = series
            record.cpu = cpu
            record.count = count
            record.mode = count == nil ? .unavailable : .exact
            record.nanoseconds = nanoseconds
            record.maximum = nanoseconds
            builder.add(record, Self.names)
        }
        row(0, UInt64(interval) * 10)
        row(1, 50)
        for cpu in cpus { row(1, cpu: cpu, UInt64(cpu + 1) * 10) }
        row(2, interval == intervals ? nil : 7)
        row(3, 1, nanoseconds: 250_000_000)
        for cpu in cpus.suffix(1) { row(3, cpu: cpu, 1, nanoseconds: 250_000_000) }
        row(4, interval == 3 ? 9 : 0, nanoseconds: interval == 3 ? 600_000_000 : 0)
        row(5, interval == 3 ? 2 : 0, nanoseconds: interval == 3 ? 200_000_000 : 0)
    }

    func run(path: String = "runs/a") throws -> ReportedRun {
        let text = isHostile ? Self.hostile : "web7"
        var host = HostConditions()
        host.hostname = text
        host.kernelRelease = "6.12.107"
        host.possibleCPUs = 3
        if isHostile {
            (host.kernelBuild, host.bootFlags, host.cpuModel, host.architecture) = (text, text, text, text)
        }
        let row = AttachRow(
            key: SeriesKey(.walkFallbacks, site: isHostile ? text : "parent"), mode: .unavailable,
            program: isHostile ? text : "", function: isHostile ? text : "", address: nil, required: false,
            reason: isHostile ? text : "path_parentat is inlined", hint: isHostile ? text : "")
        return ReportedRun(
            path: isHostile ? text : path, identifier: isHostile ? text : "id",
            toolVersion: isHostile ? text : "1.2.3", host: host, attachTable: [row],
            command: isHostile ? text : "sh -c 'a && b <c'", ending: isHostile ? text : "finished",
            plannedInterval: 1_000_000_000, totals: try totals(), records: records(text),
            passedOver: isHostile ? [text] : [])
    }

    /// Two processes: one writes and reads blindly, the other pays.
    private func records(_ text: String) -> RecordTotals {
        var batch = RecordBatch()
        batch.actors = [1, 2].map { number in
            ActorRow(
                number: number, process: Int32(number), command: number == 1 ? text : "java", cgroupID: 7, cgroup: text,
                container: text, namespace: MountNamespace(id: 9, inode: 4_026_531_841), firstSequence: 1)
        }
        batch.tasks = [
            TaskRow(.init(actor: 1, series: SeriesKey(.writeAcquires, site: text)), count: 98),
            TaskRow(.init(actor: 2, series: SeriesKey(.writeAcquires, site: text)), count: 2),
            TaskRow(.init(actor: 2, series: SeriesKey(.spinTime, site: text)), count: 9, nanoseconds: 600_000_000),
        ]
        var scan = ScanRow(
            .init(actor: 1, table: .mountinfo, namespace: MountNamespace(id: 9, inode: 4_026_531_841)))
        (scan.complete, scan.abandoned, scan.redundant, scan.pages, scan.hold) = (40, 0, 39, 160, 77_000)
        batch.scans = [scan]
        batch.blame = [BlameRow(.init(writer: 1, operation: text, victim: 2, metric: .readRetries), count: 120)]
        batch.namespaces = [
            NamespaceRow(MountNamespace(id: 9, inode: 4_026_531_841), mounts: 30, container: text, events: 2)
        ]
        var totals = RecordTotals()
        totals.add(batch, end: 2_000_000_000)
        return totals
    }
}

/// What is wrong with a page, told without a browser.
struct PageCheck {
    let text: String

    /// The names of elements that do not close in the order they were opened.
    var unbalanced: [Substring] {
        let void: Set<Substring> = ["meta", "br"]
        var open: [Substring] = []
        for piece in text.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            let tag = piece.prefix { $0 != ">" }
            if tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let name = tag.drop { $0 == "/" }.prefix { $0 != " " }
            guard !void.contains(name) else { continue }
            guard tag.hasPrefix("/") else {
                open.append(name)
                continue
            }
            guard open.popLast() == name else { return open + [name] }
        }
        return open
    }

    func count(_ part: String) -> Int { text.ranges(of: part).count }

    /// The opening tags of an element.
    func tags(_ name: String) -> [Substring] {
        text.split(separator: "<").filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + ">") }
            .map { $0.prefix { $0 != ">" } }
    }

    /// What stands between a heading and the next section.
    func section(_ heading: String) -> Substring {
        guard let start = text.firstRange(of: "<h2>\(heading)</h2>") else { return "" }
        let rest = text[start.upperBound...]
        return rest.firstRange(of: "</section>").map { rest[..<$0.lowerBound] } ?? rest
    }
}
