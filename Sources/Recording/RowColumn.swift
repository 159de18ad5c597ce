import Contention

/// What a cell says, before any format has written it.
enum RowCell: Sendable, Equatable {
    /// Not known: empty in CSV, null in JSON, never 0.
    case unknown
    case text(String)
    /// Text that somebody else chose: in CSV such that a spreadsheet takes it for text.
    case free(String)
    case signed(Int64)
    case unsigned(UInt64)
    /// A share.
    case decimal(Double)
    /// Any other number with a fraction.
    case number(Double)

    static func text(ifKnown text: String?) -> RowCell { text.map(RowCell.text) ?? .unknown }
    static func number(_ value: UInt64?) -> RowCell { value.map(RowCell.unsigned) ?? .unknown }
    static func number(_ value: Int?) -> RowCell { value.map { .signed(Int64($0)) } ?? .unknown }
    static func real(_ value: Double?) -> RowCell { value.map(RowCell.number) ?? .unknown }
    static func share(_ value: Double?) -> RowCell { value.map(RowCell.decimal) ?? .unknown }
}

/// One column: its name in the header row, and how its cell is had from a record.
struct RowColumn<Record>: Sendable {
    let name: String
    let cell: @Sendable (Record) -> RowCell

    init(_ name: String, _ cell: @escaping @Sendable (Record) -> RowCell) {
        self.name = name
        self.cell = cell
    }
}

/// Takes records as rows of some format.
protocol RowSink {
    mutating func append<Record>(_ record: Record, columns: [RowColumn<Record>])
}

/// How rows are written on standard output.
public enum RowFormat: String, Sendable, CaseIterable {
    case csv
    /// One JSON object a line.
    case ndjson

    /// Rows of records as bytes.
    /// - Parameter hasHeader: whether the names come first, where the format has them apart from the rows.
    func bytes<Record>(_ columns: [RowColumn<Record>], hasHeader: Bool, _ fill: (inout any RowSink) -> Void) -> [UInt8]
    {
        var sink: any RowSink
        switch self {
        case .csv: sink = hasHeader ? CSVRows(headerOf: columns) : CSVRows()
        case .ndjson: sink = JSONRows()
        }
        fill(&sink)
        return (sink as? CSVRows)?.bytes ?? (sink as? JSONRows)?.bytes ?? []
    }
}
