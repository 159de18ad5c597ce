import Contention

/// What is worked out from a series' cells, so that rows of several runs, metrics and lengths can stand in one table.
struct DerivedCells {
    /// The metric; nil for one that this version does not know.
    let metric: Metric?
    let count: UInt64?
    let nanoseconds: UInt64?
    let share: Share?
    /// Nanoseconds that the cells stand for; nil where that is not known.
    let known: UInt64?

    /// What `count` is of.
    var unit: String? { metric?.countUnit.rawValue }

    /// Events a second; nil for what is no event.
    var rate: Double? {
        guard metric?.countUnit == .events, let count, let known, known > 0 else { return nil }
        return Double(count) * 1e9 / Double(known)
    }

    /// Of shares of time the share; of what has a duration the sum of all durations over the time, which may pass 1.
    var timeShare: Double? {
        if metric?.isShareOfTime == true { return share?.value }
        guard let nanoseconds, let known, known > 0 else { return nil }
        return Double(nanoseconds) / Double(known)
    }

    /// Nanoseconds an event takes; nil where there was none.
    var mean: Double? {
        guard let nanoseconds, let count, count > 0 else { return nil }
        return Double(nanoseconds) / Double(count)
    }
}

/// The cells that every row of an export ends with.
struct ExportCells {
    let run: RecordedRun
    let derived: DerivedCells

    static let columns: [RowColumn<ExportCells>] = [
        RowColumn("label") { $0.run.description.label.map(RowCell.free) ?? .unknown },
        RowColumn("kernel") { .free($0.run.description.host.kernelRelease) },
        RowColumn("unit") { .text(ifKnown: $0.derived.unit) },
        RowColumn("rate") { .real($0.derived.rate) },
        RowColumn("time_share") { .share($0.derived.timeShare) },
        RowColumn("mean") { .real($0.derived.mean) },
    ]

    /// The same columns of rows that have such cells.
    static func columns<Row>(of cells: @escaping @Sendable (Row) -> ExportCells) -> [RowColumn<Row>] {
        columns.map { column in
            let cell = column.cell
            return RowColumn<Row>(column.name) { cell(cells($0)) }
        }
    }
}
