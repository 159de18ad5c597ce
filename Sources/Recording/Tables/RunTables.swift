import Contention

/// The files of rows that a run has. All that goes over files goes over this list.
enum RunTables {
    /// What is known of a table whatever its rows are.
    struct Entry: Sendable {
        /// Of the first file: `intervals.csv`.
        let file: String
        let columns: [String]
        /// The header row.
        let header: CSVRows
        /// The schema's minor version from which on every run has the file.
        let since: Int64
        /// The rows of an interval; nil where they are written in a way of their own.
        let rows: (@Sendable (IntervalBundle, _ run: String) -> CSVRows)?

        init<Row>(_ table: RunTable<Row>, rows: (@Sendable (IntervalBundle, _ run: String) -> CSVRows)? = nil) {
            self.rows = rows
            since = table.since
            file = table.file
            columns = table.columns.map(\.name)
            header = CSVRows(headerOf: table.written)
        }
    }

    /// In the order of run.json. The first is written last: an interval whose rows are all there has all of its rows in the others.
    static let all = [Entry(IntervalTable.table), Entry(HistogramTable.table)] + records

    /// The tables of the record plane.
    private static let records = [
        Entry(records: ActorCells.self), Entry(records: TaskCells.self), Entry(records: ScanCells.self),
        Entry(records: BlameCells.self), Entry(records: NamespaceCells.self),
    ]

    /// Whether a file is a part of a table that this version knows: `intervals-2.csv`.
    static func knows(_ file: String) -> Bool {
        all.contains { entry in
            guard file.hasPrefix(entry.file.dropLast(4)), file.hasSuffix(".csv") else { return false }
            let part = file.dropFirst(entry.file.count - 4).dropLast(4)
            return part.isEmpty || (part.first == "-" && Int(part.dropFirst()) != nil)
        }
    }
}
