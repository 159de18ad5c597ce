import Contention

/// blame.csv: events of a victim by the writer that caused them; an empty cell is the share that is not known.
struct BlameCells: RecordCells {
    private var writer, victim, count, nanoseconds: UInt64?
    private var operation, lock, metric, mode: String?

    static let table = RunTable<RecordLine<BlameCells>>(
        records: "blame.csv",
        [
            .cell("writer", \BlameCells.writer),
            .text("operation", \BlameCells.operation),
            .cell("victim", \BlameCells.victim),
            .text("lock", \BlameCells.lock),
            .text("metric", \BlameCells.metric),
            .cell("count", \BlameCells.count),
            .cell("sum_ns", \BlameCells.nanoseconds),
            .text("mode", \BlameCells.mode),
        ])

    init() {}

    init(_ row: BlameRow) {
        writer = row.key.writer.map { UInt64(max(0, $0)) }
        victim = row.key.victim.map { UInt64(max(0, $0)) }
        operation = row.key.operation
        lock = row.key.metric.subject.rawValue
        metric = row.key.metric.name
        count = row.count
        nanoseconds = row.nanoseconds
        mode = row.mode.rawValue
    }

    static func rows(_ batch: RecordBatch) -> [BlameRow] { batch.blame }

    func row(of sequence: Int) -> BlameRow? {
        guard let mode = mode.flatMap(Mode.init(rawValue:)),
            let metric = Metric(lock: lock ?? "", name: metric ?? "")
        else { return nil }
        return BlameRow(
            BlameRow.Key(
                writer: writer.map { Int(clamping: $0) }, operation: operation ?? "",
                victim: victim.map { Int(clamping: $0) }, metric: metric),
            count: count, nanoseconds: nanoseconds, mode: mode)
    }
}
