/// What actors are joined by.
public enum WhoGrouping: String, Sendable, CaseIterable {
    case process, container, namespace
}

/// Actors of one name, and what they did and suffered together.
public struct WhoGroup: Sendable {
    public let name: String
    /// How many actors.
    public private(set) var actors = 0
    /// The actor, where it is only one process.
    public private(set) var actor: ActorRow?
    public private(set) var series: [SeriesKey: TaskRow] = [:]
    public private(set) var scans: [ScanRow.Table: ScanRow] = [:]
    /// Sums that do not fit into 64 bits: they are left out.
    public private(set) var contradictions = 0

    init(name: String) { self.name = name }

    mutating func add(_ actor: ActorRow) {
        self.actor = actors == 0 ? actor : nil
        actors += 1
    }

    mutating func add(_ row: TaskRow) {
        var row = row
        row.key.actor = RecordTotals.others
        guard let before = series[row.key.series] else {
            series[row.key.series] = row
            return
        }
        if let sum = before.adding(row) { series[row.key.series] = sum } else { contradictions += 1 }
    }

    mutating func add(_ row: ScanRow) {
        var row = row
        row.key = ScanRow.Key(
            actor: RecordTotals.others, table: row.key.table, namespace: MountNamespace(id: nil, inode: nil))
        guard let before = scans[row.key.table] else {
            scans[row.key.table] = row
            return
        }
        // Of several readers there is no one buffer.
        var sum = before.adding(row)
        if before.buffer != row.buffer { sum?.buffer = nil }
        if let sum { scans[row.key.table] = sum } else { contradictions += 1 }
    }
}

extension RecordTotals {
    /// The actors joined, those that cost others and themselves most first.
    public func grouped(by grouping: WhoGrouping) -> [WhoGroup] {
        grouped(Array(tasks.values), Array(scans.values), by: grouping)
    }

    /// The actors of one interval joined; its names are those of the run so far.
    public func grouped(_ batch: RecordBatch, by grouping: WhoGrouping) -> [WhoGroup] {
        grouped(batch.tasks, batch.scans, by: grouping)
    }

    private func grouped(_ tasks: [TaskRow], _ scans: [ScanRow], by grouping: WhoGrouping) -> [WhoGroup] {
        var groups: [String: WhoGroup] = [:]
        var names: [Int: String] = [:]
        for number in Set(tasks.map(\.key.actor) + scans.map(\.key.actor)).sorted() {
            let actor = actors[number] ?? ActorRow(number: number, kind: .others, firstSequence: 0)
            let name = actor.name(in: grouping)
            names[number] = name
            groups[name, default: WhoGroup(name: name)].add(actor)
        }
        for row in tasks { groups[names[row.key.actor] ?? ""]?.add(row) }
        for row in scans { groups[names[row.key.actor] ?? ""]?.add(row) }
        return groups.values.sorted { ($1.cost, $0.name) < ($0.cost, $1.name) }
    }
}

extension ActorRow {
    /// What people call it in a table.
    public func name(in grouping: WhoGrouping) -> String {
        switch grouping {
        case .process: processName
        case .container: containerName
        case .namespace: namespaceName
        }
    }

    /// `java[4711]`; a group is named by what lives in its cgroup.
    public var processName: String {
        guard kind == .process else { return kind == .others ? "others" : "others in \(containerName)" }
        return "\(command ?? "?")[\(process.map { String($0) } ?? "?")]"
    }

    /// The container, pod or unit; the cgroup where none is recognised.
    public var containerName: String {
        if kind == .others { return "others" }
        return container ?? cgroup ?? cgroupID.map { "cgroup \($0)" } ?? "unknown cgroup"
    }

    private var namespaceName: String {
        if kind == .others { return "others" }
        switch (namespace.id, namespace.inode) {
        case (let id?, let inode?): return "mnt:[\(inode)] #\(id)"
        case (nil, let inode?): return "mnt:[\(inode)]"
        case (let id?, nil): return "#\(id)"
        case (nil, nil): return "unknown namespace"
        }
    }
}
