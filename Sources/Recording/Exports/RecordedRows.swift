import Contention

/// One row of intervals.csv as it is exported: as in the file, then the run and what is derived.
struct RecordedRow {
    let run: RecordedRun
    let row: IntervalTable.Row
    /// Of the series.
    let metric: Metric?

    static let columns: [RowColumn<RecordedRow>] = fileColumns + runColumns

    private static let fileColumns: [RowColumn<RecordedRow>] = IntervalTable.table.written.map { column in
        let cell = column.cell
        return RowColumn<RecordedRow>(column.name) { cell($0.row) }
    }

    private static let runColumns: [RowColumn<RecordedRow>] =
        [RowColumn<RecordedRow>("run") { .free($0.run.path) }] + ExportCells.columns(of: { $0.exported })

    private var record: IntervalRecord { row.record }

    private var exported: ExportCells {
        let derived = DerivedCells(
            metric: metric, count: record.count, nanoseconds: record.nanoseconds, share: record.share,
            known: record.count == nil ? nil : record.elapsed)
        return ExportCells(run: run, derived: derived)
    }
}

extension RowFormat {
    /// Every row of a run's intervals, those that a sparse run leaves out too, an interval at a time.
    /// - Parameters:
    ///   - isFirst: whether the names of the columns go before them, where the format has them.
    ///   - write: gets the bytes.
    /// - Throws: `RunReadError`, or what `write` throws.
    public func intervals(of reader: RunReader, isFirst: Bool, write: ([UInt8]) throws -> Void) throws {
        var rows = try WholeRows(reader)
        var hasHeader = isFirst
        var metrics: [Metric?] = []
        while let interval = try rows.next() {
            let names = rows.names
            for name in names[metrics.count...] { metrics.append(name.key?.metric) }
            let time = Timestamp.rfc3339(interval.first?.realtime ?? 0)
            try write(
                bytes(RecordedRow.columns, hasHeader: hasHeader) { sink in
                    for record in interval {
                        let row = IntervalTable.Row(
                            run: reader.run.description.id, time: time, name: names[record.series], record: record)
                        sink.append(
                            RecordedRow(run: reader.run, row: row, metric: metrics[record.series]),
                            columns: RecordedRow.columns)
                    }
                })
            hasHeader = false
        }
        if hasHeader { try write(bytes(RecordedRow.columns, hasHeader: true) { _ in }) }
    }
}
