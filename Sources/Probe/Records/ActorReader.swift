import CProbe
import Contention
import SystemCalls

/// Reads the tables of actors, and makes rows of them.
final class ActorReader {
    private let tables: ActorTables
    private let series: ActorSeries
    private let mode: (SeriesKey) -> Mode
    private var book = ActorBook()
    private var cgroups = CgroupPaths()
    private let names: CgroupNames
    /// The numbers of mount namespaces by their inodes, the latest of each.
    private var namespaceNumbers: [UInt64: UInt64] = [:]
    private var throttles: Throttles
    /// Who is gone and still in the table of blame: their numbers must not change.
    private var blameDepartures = BlameDepartures()
    private var unnamed = UnnamedActors()
    /// Of blame, as of the latest reading.
    private var blameKeys: [ms_blame_key] = []
    /// Of the kernel's table of cgroups and of the actors that have rows, as of the latest reading.
    private var knownCgroups: [UInt64] = []
    private var usedCgroups: Set<UInt64> = []
    private var departures: Departures
    /// What was read of spins whose turns were not in their actor's row yet: sums never go back.
    private var spins: [TaskRow.Key: UInt64] = [:]
    private let spinners: UnsafeBufferPointer<ms_spinner>?

    /// nil where no program counts by actor.
    init?(_ tables: ActorTables, _ attachment: ProbeAttachment, _ names: CgroupNames) {
        guard tables.isCounting else { return nil }
        self.tables = tables
        self.names = names
        throttles = Throttles(ThrottleReader(mountPoint: tables.cgroups.mountPoint))
        series = ActorSeries(attachment.sitePlan) { attachment.modeByActor($0) != nil }
        mode = { [unowned attachment] in attachment.modeByActor($0) ?? .unavailable }
        departures = Departures(isHostsPIDNamespace: Departures.isHostsPIDNamespace)
        let bytes = Int(MS_TASK_SLOTS) * MemoryLayout<ms_spinner>.stride
        spinners = tables.sites?.mapMemory("spinners", bytes: bytes).map {
            UnsafeBufferPointer(
                start: $0.assumingMemoryBound(to: ms_spinner.self), count: Int(MS_TASK_SLOTS))
        }
    }

    /// Everything as it is now.
    /// - Throws: `ProbeError` where a table cannot be read.
    func snapshot() throws(ProbeError) -> RecordSnapshot {
        var raw = try tables.rows.read().map { (key: $0.key, value: $0.value.row) }
        departures.note(raw)
        let groups = try tables.object.entries("group_rows", room: Int(MS_GROUP_ROWS), ms_actor_key(), ms_actor_row())
        let rawScans = tables.countsScans ? try tables.scanRows.read() : []
        let rawBlame = try tables.object.entries("blame_rows", room: Int(MS_BLAME_ROWS), ms_blame_key(), ms_blame_row())
        raw += unsettledSpins()
        // Behind everything that has actors: whoever is in a row was named before.
        let names = try tables.object.entries("actors", room: Int(MS_ACTORS), ms_actor_key(), ms_actor())
        let levels = try tables.object.entries("cgroups", room: Int(MS_CGROUPS), UInt64(0), ms_cgroup())
        cgroups.learn(levels)
        knownCgroups = levels.map(\.key)
        learnNamespaces(names)
        let introductions = Dictionary(names.map { (Identity($0.key), $0.value) }) { first, _ in first }
        var result = RecordSnapshot()
        var rows: [TaskRow.Key: TaskRow] = [:]
        var cgroupOf: [Int: UInt64] = [:]
        for (key, row) in raw {
            let actor = number(key, introductions)
            cgroupOf[actor] = key.cgroup
            add(row, of: actor, key.series, to: &rows)
        }
        for (key, row) in groups {
            let actor = number(group: key)
            cgroupOf[actor] = key.cgroup
            add(row, of: actor, key.series, to: &rows)
        }
        for (index, row) in try others().enumerated() where row.count > 0 || row.sum_ns > 0 {
            add(row, of: numberOfOthers(), UInt32(index), to: &rows)
        }
        usedCgroups = Set(cgroupOf.values)
        result.tasks = throttles.beside(rows.values.map(settled), Clocks.monotonic()) { actor in
            cgroupOf[actor].flatMap(cgroups.path).map { EscapedBytes.text($0) }
        }
        result.scans = scans(rawScans, introductions)
        result.blame = blame(rawBlame, introductions)
        // Behind everything that meets actors: a row's actor is told no later than the row.
        result.newActors = book.takeNew()
        if !tables.countsScans { result.unavailable[.scans] = "no program sees mount tables being closed" }
        return result
    }

    /// Takes the rows of processes that are gone out of the tables; the latest snapshot had their last values.
    func harvest() {
        let gone = departures.harvest()
        defer { harvestCgroups() }
        guard !gone.isEmpty || !blameDepartures.isEmpty else { return }
        tables.rows.free { gone.contains(Identity($0)) }
        tables.scanRows.free { gone.contains(Identity($0.actor)) }
        for identity in gone {
            _ = tables.object.deleteEntry("actors", identity.key)
        }
        for identity in harvestBlame(gone) { book.forget(ActorBook.Identity(identity)) }
    }

    /// - Returns: who of these, and of those of earlier, is in no row any more.
    private func harvestBlame(_ processes: Set<Identity>) -> Set<Identity> {
        let blamed = Set(blameKeys.flatMap { [Identity($0.writer), Identity($0.victim)] })
        let unblamed = processes.subtracting(blamed)
        blameDepartures.note(processes, in: blameKeys)
        guard !blameDepartures.isEmpty else { return unblamed }
        let latest: Set<Identity>
        do throws(ProbeError) { latest = try latestWriters() } catch { return unblamed }
        let (rows, settled) = blameDepartures.harvest(blameKeys, latest: latest)
        for row in rows { _ = tables.object.deleteEntry("blame_rows", row) }
        return unblamed.union(settled)
    }

    /// Whom a victim may still find.
    private func latestWriters() throws(ProbeError) -> Set<Identity> {
        var found: Set<Identity> = []
        for (map, count) in [("sections", Int(MS_SECTIONS)), ("last_holders", Int(MS_LOCKS.rawValue))] {
            let writers = try tables.object.entries(map, room: count, UInt32(0), ms_writer())
            found.formUnion(writers.map { Identity($0.value.who) })
        }
        return found
    }

    private func harvestCgroups() {
        for number in cgroups.harvest(knownCgroups, used: usedCgroups) {
            _ = tables.object.deleteEntry("cgroups", number)
        }
    }

    /// Namespaces with their own numbers, where a kernel before 6.11 tells them to the programs only.
    func numbered(_ rows: [NamespaceRow]) -> [NamespaceRow] {
        rows.map { row in
            guard row.key.id == nil, let inode = row.key.inode, let number = namespaceNumbers[inode] else { return row }
            return row.renamed(MountNamespace(id: number, inode: inode))
        }
    }

    /// An inode is used again by a later namespace, whose number is higher.
    private func learnNamespaces(_ actors: [(key: ms_actor_key, value: ms_actor)]) {
        for (key, actor) in actors where key.mnt_ns != 0 && actor.mnt_inode != 0 {
            let inode = UInt64(actor.mnt_inode)
            namespaceNumbers[inode] = max(namespaceNumbers[inode] ?? 0, key.mnt_ns)
        }
    }

    private func others() throws(ProbeError) -> [ms_actor_row] {
        var rows = [ms_actor_row](repeating: ms_actor_row(), count: Int(MS_ACTOR_ROOM))
        let error = rows.withUnsafeMutableBytes { tables.object.readElement("other_rows", key: 0, into: $0) }
        guard error == 0 else { throw ProbeError(.failed, "cannot read the eBPF maps: \(errnoText(error))") }
        return rows
    }

    /// Turns of episodes that are the latest of their task.
    private func unsettledSpins() -> [(key: ms_actor_key, value: ms_actor_row)] {
        (spinners ?? UnsafeBufferPointer(start: nil, count: 0)).compactMap { spinner in
            guard spinner.unsettled > 0 else { return nil }
            var row = ms_actor_row()
            row.sum_ns = spinner.unsettled
            return (spinner.who, row)
        }
    }

    private func add(_ row: ms_actor_row, of actor: Int, _ number: UInt32, to rows: inout [TaskRow.Key: TaskRow]) {
        for part in series.parts(number) {
            let key = TaskRow.Key(actor: actor, series: part.key)
            var sum =
                rows[key]
                ?? TaskRow(
                    key, count: 0, nanoseconds: Self.hasTime(part.key) ? 0 : nil, maximum: nil, mode: mode(part.key))
            if part.count { sum.count = sum.count.map { $0 &+ row.count } }
            if part.time {
                sum.nanoseconds = sum.nanoseconds.map { $0 &+ row.sum_ns }
                if row.max_ns > 0 { sum.maximum = max(sum.maximum ?? 0, row.max_ns) }
            }
            if part.switches {
                sum.involuntary = (sum.involuntary ?? 0) &+ row.involuntary
                sum.voluntary = (sum.voluntary ?? 0) &+ row.voluntary
            }
            rows[key] = sum
        }
    }

    private static func hasTime(_ key: SeriesKey) -> Bool { key.metric.kind == .durations || key.metric == .spinTime }

    /// A spin's turns are for a moment in neither place.
    private func settled(_ row: TaskRow) -> TaskRow {
        guard row.key.series.metric == .spinTime, let now = row.nanoseconds else { return row }
        var row = row
        let most = max(now, spins[row.key] ?? 0)
        spins[row.key] = most
        row.nanoseconds = most
        return row
    }

    private func scans(
        _ raw: [(key: ms_scan_key, value: ms_kept_scan)], _ introductions: [Identity: ms_actor]
    ) -> [ScanRow] {
        raw.compactMap { key, kept in
            let row = kept.row
            let tables = ScanRow.Table.allCases
            guard Int(key.actor.series) < Int(MS_TABLES.rawValue) else { return nil }
            var scan = ScanRow(
                ScanRow.Key(
                    actor: number(key.actor, introductions), table: tables[Int(key.actor.series)],
                    namespace: MountNamespace(id: key.mnt_ns, inode: nil)))
            (scan.complete, scan.abandoned) = (row.complete, row.abandoned)
            (scan.redundant, scan.polled) = (row.redundant, row.polled)
            (scan.pages, scan.mounts, scan.bytes) = (row.pages, row.mounts, row.bytes)
            scan.buffer = row.buffer == 0 ? nil : row.buffer
            (scan.hold, scan.holdMaximum) = (row.hold_ns, row.hold_max_ns)
            (scan.wall, scan.wallMaximum) = (row.wall_ns, row.wall_max_ns)
            return scan
        }
    }

    /// How a suffering is measured: a reader that does not tell the sequence it began at meets whoever wrote last.
    private static let metrics: [UInt32: Metric] = [
        MS_SUFFERED_RETRY.rawValue: .readRetries, MS_SUFFERED_FALLBACK.rawValue: .walkFallbacks,
        MS_SUFFERED_SPIN.rawValue: .readerSpins, MS_SUFFERED_LOCK_WAIT.rawValue: .lockWait,
        MS_SUFFERED_READ_WAIT.rawValue: .readWait, MS_SUFFERED_WRITE_WAIT.rawValue: .writeWait,
    ]

    private func blame(
        _ raw: [(key: ms_blame_key, value: ms_blame_row)], _ introductions: [Identity: ms_actor]
    ) -> [BlameRow] {
        blameKeys = raw.map(\.key)
        var rows: [BlameRow.Key: BlameRow] = [:]
        let writers = unnamed.judge(blameKeys) { isIntroduced($0, introductions) }
        for ((key, row), writer) in zip(raw, writers) where writer != .notYet {
            guard let metric = Self.metrics[key.victim.series] else { continue }
            let isKnown = writer == .known
            let place = BlameRow.Key(
                writer: isKnown ? number(key.writer, introductions) : nil,
                operation: isKnown ? Operation.name(key.call) : "",
                victim: number(key.victim, introductions), metric: metric)
            let time = metric.kind == .durations ? row.sum_ns : nil
            let before = rows[place]
            rows[place] = BlameRow(
                place, count: (before?.count ?? 0) &+ row.count,
                nanoseconds: time.map { (before?.nanoseconds ?? 0) &+ $0 },
                mode: metric == .readRetries ? .estimated : .exact)
        }
        return Array(rows.values)
    }

    private func isIntroduced(_ key: ms_actor_key, _ introductions: [Identity: ms_actor]) -> Bool {
        let identity = Identity(key)
        return introductions[identity] != nil || book.knows(ActorBook.Identity(identity))
    }

    // Numbers

    private func number(_ key: ms_actor_key, _ introductions: [Identity: ms_actor]) -> Int {
        guard key.tgid != 0 || key.start_ns != 0 else { return number(group: key) }
        let identity = Identity(key)
        let actor = introductions[identity]
        return book.number(ActorBook.Identity(identity)) { number in
            let group = cgroups.path(key.cgroup).map(names.names)
            return ActorRow(
                number: number, process: Int32(bitPattern: key.tgid), start: key.start_ns,
                command: actor.map(Self.command), cgroupID: key.cgroup, cgroup: group?.path,
                container: group?.container, namespace: Self.namespace(key, inode: actor?.mnt_inode),
                firstSequence: 0)
        }
    }

    private func number(group key: ms_actor_key) -> Int {
        let namespace = Self.namespace(key, inode: nil)
        let identity = ActorBook.Identity(kind: .group, cgroupID: key.cgroup, namespace: namespace)
        return book.number(identity) { number in
            let group = cgroups.path(key.cgroup).map(names.names)
            return ActorRow(
                number: number, kind: .group, cgroupID: key.cgroup, cgroup: group?.path, container: group?.container,
                namespace: namespace, firstSequence: 0)
        }
    }

    private func numberOfOthers() -> Int {
        book.number(ActorBook.Identity(kind: .others)) { ActorRow(number: $0, kind: .others, firstSequence: 0) }
    }

    /// 0: a task that exits has no namespace any more.
    fileprivate static func namespace(_ key: ms_actor_key, inode: UInt32?) -> MountNamespace {
        MountNamespace(id: key.mnt_ns == 0 ? nil : key.mnt_ns, inode: inode.flatMap { $0 == 0 ? nil : UInt64($0) })
    }

    private static func command(_ actor: ms_actor) -> String {
        withUnsafeBytes(of: actor.comm) { EscapedBytes.text($0.prefix { $0 != 0 }) }
    }
}

extension ActorBook.Identity {
    /// The inode is no part of what makes an actor another one.
    fileprivate init(_ identity: Identity) {
        self.init(
            kind: .process, process: Int32(bitPattern: identity.process), start: identity.start,
            cgroupID: identity.cgroup,
            namespace: MountNamespace(id: identity.namespace == 0 ? nil : identity.namespace, inode: nil))
    }
}
