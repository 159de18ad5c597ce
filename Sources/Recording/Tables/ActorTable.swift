import Contention

/// actors.csv: who the other tables' numbers stand for, at first sight.
struct ActorCells: RecordCells {
    private var actor, process, start, cgroupID, namespace, inode: UInt64?
    private var command, cgroup, container, kind: String?

    static let table = RunTable<RecordLine<ActorCells>>(
        file: "actors.csv", since: recordsSince, columns: process + [firstSequence] + more)

    private static let process: [RunColumn<RecordLine<ActorCells>>] = [
        RunColumn("run_id") { .text($0.run) },
        .cell("actor", \ActorCells.actor),
        .cell("tgid", \ActorCells.process),
        .cell("start_ns", \ActorCells.start),
        .text("comm", \ActorCells.command),
        .cell("cgroup_id", \ActorCells.cgroupID),
        .text("cgroup", \ActorCells.cgroup),
        .text("container", \ActorCells.container),
        .cell("mnt_ns", \ActorCells.namespace),
    ]
    private static let firstSequence: RunColumn<RecordLine<ActorCells>> = .number(
        "first_seq", { $0.sequence }, set: { $0.sequence = $1 })
    private static let more: [RunColumn<RecordLine<ActorCells>>] = [
        .text("kind", \ActorCells.kind),
        .cell("mnt_ns_inode", \ActorCells.inode),
    ]

    init() {}

    init(_ row: ActorRow) {
        actor = UInt64(max(0, row.number))
        process = row.process.map { UInt64(max(0, $0)) }
        start = row.start
        command = row.command
        cgroupID = row.cgroupID
        cgroup = row.cgroup
        container = row.container
        namespace = row.namespace.id
        inode = row.namespace.inode
        kind = row.kind.rawValue
    }

    static func rows(_ batch: RecordBatch) -> [ActorRow] { batch.actors }

    func row(of sequence: Int) -> ActorRow? {
        guard let number = actor.flatMap({ Int(exactly: $0) }), number > 0,
            let kind = kind.flatMap(ActorRow.Kind.init(rawValue:))
        else { return nil }
        return ActorRow(
            number: number, kind: kind, process: process.flatMap { Int32(exactly: $0) }, start: start,
            command: command, cgroupID: cgroupID, cgroup: cgroup, container: container,
            namespace: MountNamespace(id: namespace, inode: inode), firstSequence: sequence)
    }
}
