import Contention

/// tasks.csv: a series by actor over an interval; only those that did something.
struct TaskCells: RecordCells {
    private var actor, count, nanoseconds, maximum, involuntary, voluntary, throttled: UInt64?
    private var lock, metric, site, mode: String?

    static let table = RunTable<RecordLine<TaskCells>>(
        records: "tasks.csv",
        [
            .cell("actor", \TaskCells.actor),
            .text("lock", \TaskCells.lock),
            .text("metric", \TaskCells.metric),
            .text("site", \TaskCells.site),
            .cell("count", \TaskCells.count),
            .cell("sum_ns", \TaskCells.nanoseconds),
            .cell("max_ns", \TaskCells.maximum),
            .text("mode", \TaskCells.mode),
            .cell("involuntary", \TaskCells.involuntary),
            .cell("voluntary", \TaskCells.voluntary),
            .cell("throttled_ns", \TaskCells.throttled),
        ])

    init() {}

    init(_ row: TaskRow) {
        let name = SeriesName(row.key.series)
        actor = UInt64(max(0, row.key.actor))
        (lock, metric, site) = (name.lock, name.metric, name.site)
        count = row.count
        nanoseconds = row.nanoseconds
        maximum = row.maximum
        mode = row.mode.rawValue
        involuntary = row.involuntary
        voluntary = row.voluntary
        throttled = row.throttled
    }

    static func rows(_ batch: RecordBatch) -> [TaskRow] { batch.tasks }

    func row(of sequence: Int) -> TaskRow? {
        guard let actor = actor.flatMap({ Int(exactly: $0) }), let mode = mode.flatMap(Mode.init(rawValue:)),
            let key = SeriesName(lock: lock ?? "", metric: metric ?? "", site: site ?? "").key
        else { return nil }
        return TaskRow(
            TaskRow.Key(actor: actor, series: key), count: count, nanoseconds: nanoseconds, maximum: maximum,
            mode: mode, involuntary: involuntary, voluntary: voluntary, throttled: throttled)
    }
}
