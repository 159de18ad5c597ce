import Contention

/// The cells of a table of the record plane, as they stand in the file.
protocol RecordCells: Sendable {
    associatedtype Row: Sendable, Equatable
    static var table: RunTable<RecordLine<Self>> { get }
    /// The table's rows of an interval.
    static func rows(_ batch: RecordBatch) -> [Row]
    /// Without any.
    init()
    init(_ row: Row)
    /// nil where they name what this version does not know.
    func row(of sequence: Int) -> Row?
}

/// A row of such a file: its interval, and its cells.
struct RecordLine<Cells: RecordCells>: Sendable {
    var run = ""
    var sequence: UInt64?
    /// CLOCK_MONOTONIC at the interval's end, nanoseconds.
    var monotonic: UInt64?
    /// The interval's end, formatted once for all its rows.
    var time: String?
    /// The interval's length, nanoseconds.
    var elapsed: UInt64?
    var cells = Cells()
}

/// The schema's minor version that brought the record plane.
let recordsSince: Int64 = 5

extension RunTable {
    /// A table whose rows belong to intervals.
    init<Cells: RecordCells>(records file: String, _ columns: [RunColumn<RecordLine<Cells>>])
    where Row == RecordLine<Cells> {
        let interval: [RunColumn<RecordLine<Cells>>] = [
            RunColumn("run_id") { .text($0.run) },
            .number("seq", { $0.sequence }, set: { $0.sequence = $1 }),
            .number("t_mono_ns", { $0.monotonic }, set: { $0.monotonic = $1 }),
            .free(
                "time", { $0.time },
                set: { _, time in time.map { Timestamp.nanoseconds(rfc3339: $0) != nil } ?? false }),
            .number("dt_ns", { $0.elapsed }, set: { $0.elapsed = $1 }),
        ]
        self.init(file: file, since: recordsSince, columns: interval + columns)
    }
}

extension RunColumn {
    /// A cell with a number.
    static func cell<Cells: RecordCells>(_ name: String, _ path: WritableKeyPath<Cells, UInt64?> & Sendable)
        -> RunColumn
    where Row == RecordLine<Cells> {
        .number(name, { $0.cells[keyPath: path] }, set: { $0.cells[keyPath: path] = $1 })
    }

    /// A cell with text that may be somebody else's.
    static func text<Cells: RecordCells>(_ name: String, _ path: WritableKeyPath<Cells, String?> & Sendable)
        -> RunColumn
    where Row == RecordLine<Cells> {
        .free(
            name, { $0.cells[keyPath: path] },
            set: { line, text in
                line.cells[keyPath: path] = text
                return true
            })
    }
}

extension RunTables.Entry {
    init<Cells: RecordCells>(records cells: Cells.Type) {
        let columns = Cells.table.written
        self.init(Cells.table) { bundle, run in
            let rows = Cells.rows(bundle.records)
            var written = CSVRows()
            guard !rows.isEmpty else { return written }
            var line = RecordLine<Cells>()
            line.run = run
            line.sequence = UInt64(max(0, bundle.interval.sequence))
            line.monotonic = bundle.interval.endMonotonic
            line.time = Timestamp.rfc3339(bundle.interval.endRealtime)
            line.elapsed = bundle.interval.elapsed
            for row in rows {
                line.cells = Cells(row)
                written.append(line, columns: columns)
            }
            return written
        }
    }
}
