/// The records of a run added up, in bounded memory: processes that cost least are folded into groups of their cgroup and
/// namespace, and these into the others, so that sums stay what they are.
public struct RecordTotals: Sendable {
    /// By number; those that were folded are 0 (the others) and below.
    public private(set) var actors: [Int: ActorRow] = [:]
    private var taskSums = RowSums<TaskRow>()
    private var scanSums = RowSums<ScanRow>()
    private var blameSums = RowSums<BlameRow>()
    public private(set) var namespaces: [MountNamespace: NamespaceTotal] = [:]
    /// Why a table has no rows, where it cannot have any.
    public private(set) var unavailable: [RecordTable: String] = [:]
    private var contradictionsOfBatches = 0
    private let mostActors: Int
    /// Those of the latest batch, which are not folded.
    private var recent: Set<Int> = []
    private var groups: [GroupKey: Int] = [:]

    private struct GroupKey: Hashable {
        let cgroupID: UInt64?
        let namespace: MountNamespace
    }

    /// What had no room anywhere.
    public static let others = 0

    public var tasks: [TaskRow.Key: TaskRow] { taskSums.rows }
    public var scans: [ScanRow.Key: ScanRow] { scanSums.rows }
    public var blame: [BlameRow.Key: BlameRow] { blameSums.rows }

    /// Rows that cannot be: they are left out.
    public var contradictions: Int {
        contradictionsOfBatches + taskSums.contradictions + scanSums.contradictions + blameSums.contradictions
    }

    /// - Parameter mostActors: more are folded, at least 4.
    public init(mostActors: Int = 20_000) { self.mostActors = max(4, mostActors) }

    /// Whether any row was seen.
    public var isEmpty: Bool { tasks.isEmpty && scans.isEmpty && blame.isEmpty && namespaces.isEmpty }

    /// Adds what came in an interval.
    /// - Parameter end: CLOCK_MONOTONIC at its end, nanoseconds.
    public mutating func add(_ batch: RecordBatch, end: UInt64) {
        unavailable = batch.unavailable
        contradictionsOfBatches += batch.contradictions
        for actor in batch.actors { actors[actor.number] = actor }
        recent = Set(batch.actors.map(\.number))
        for var row in batch.tasks {
            row.key.actor = known(row.key.actor)
            taskSums.add(row)
        }
        for var row in batch.scans {
            row.key.actor = known(row.key.actor)
            scanSums.add(row)
        }
        for var row in batch.blame {
            if let writer = row.key.writer { row.key.writer = known(writer) }
            if let victim = row.key.victim { row.key.victim = known(victim) }
            blameSums.add(row)
        }
        for row in batch.namespaces { namespaces[row.key, default: NamespaceTotal(row.key)].add(row, at: end) }
        if actors.count > mostActors { fold() }
        if namespaces.count > mostActors { forgetNamespaces() }
    }

    /// The actor, or the others for one that was folded.
    private mutating func known(_ actor: Int) -> Int {
        guard actors[actor] != nil else { return makeOthers() }
        recent.insert(actor)
        return actor
    }

    private mutating func makeOthers() -> Int {
        if actors[Self.others] == nil {
            actors[Self.others] = ActorRow(number: Self.others, kind: .others, firstSequence: 0)
        }
        return Self.others
    }

    /// Folds processes until half of the room is free, the cheapest first.
    private mutating func fold() {
        var costs: [Int: UInt64] = [:]
        for row in tasks.values {
            // An event without a time counts as a microsecond.
            let cost = row.nanoseconds ?? (row.count ?? 0).multipliedReportingOverflow(by: 1000).partialValue
            costs[row.key.actor] = costs[row.key.actor, default: 0].addingReportingOverflow(cost).partialValue
        }
        let candidates = actors.values.filter { $0.number > Self.others && !recent.contains($0.number) }.sorted {
            (costs[$0.number] ?? 0, $0.number) < (costs[$1.number] ?? 0, $1.number)
        }
        var targets: [Int: Int] = [:]
        for actor in candidates.prefix(max(0, actors.count - mostActors / 2)) { targets[actor.number] = target(actor) }
        for number in targets.keys { actors[number] = nil }
        taskSums.move { row in
            var row = row
            guard let target = targets[row.key.actor] else { return nil }
            row.key.actor = target
            return row
        }
        scanSums.move { row in
            var row = row
            guard let target = targets[row.key.actor] else { return nil }
            row.key.actor = target
            return row
        }
        blameSums.move { row in
            let before = row.key
            var row = row
            row.key.writer = row.key.writer.map { targets[$0] ?? $0 }
            row.key.victim = row.key.victim.map { targets[$0] ?? $0 }
            return row.key == before ? nil : row
        }
    }

    /// Where an actor is folded into: its group, as long as there is room for groups.
    private mutating func target(_ actor: ActorRow) -> Int {
        let key = GroupKey(cgroupID: actor.cgroupID, namespace: actor.namespace)
        if let known = groups[key] { return known }
        guard actor.kind != .others, actor.cgroupID != nil, groups.count < mostActors / 4 else { return makeOthers() }
        let number = -1 - groups.count
        groups[key] = number
        actors[number] = ActorRow(
            number: number, kind: .group, cgroupID: actor.cgroupID, cgroup: actor.cgroup, container: actor.container,
            namespace: actor.namespace, firstSequence: actor.firstSequence)
        return number
    }

    /// Forgets the namespaces that were not seen for longest.
    private mutating func forgetNamespaces() {
        let oldest = namespaces.values.sorted { $0.lastSeen < $1.lastSeen }
        for namespace in oldest.prefix(namespaces.count - mostActors / 2) { namespaces[namespace.key] = nil }
    }
}
