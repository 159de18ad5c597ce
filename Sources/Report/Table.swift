/// A column as data: what it is called, how wide it is and how a record fills it.
struct Column<Record> {
    enum Alignment { case left, right }

    let title: String
    let alignment: Alignment
    /// Characters; wider cells widen the column.
    let width: Int
    /// Where space is short, the column with the highest goes first; nil stays.
    let dropOrder: Int?
    let cell: (Record) -> String

    init(
        _ title: String, _ alignment: Alignment, width: Int, dropOrder: Int? = nil, cell: @escaping (Record) -> String
    ) {
        self.title = title
        self.alignment = alignment
        self.width = width
        self.dropOrder = dropOrder
        self.cell = cell
    }
}

/// Records under columns, as lines of text that fit a width as far as columns can be dropped.
struct Table<Record> {
    private let titles: [String]
    private let rows: [[String]]
    private let alignments: [Column<Record>.Alignment]
    private let widths: [Int]
    private let gap: Int
    /// The titles of the columns that are shown.
    var shown: [String] { titles }

    init(_ columns: [Column<Record>], _ records: [Record], fitting available: Int) {
        var columns = columns
        var widths = Table.widths(columns, records)
        var gap = 2
        while widths.reduce(0, +) + gap * (widths.count - 1) > available {
            if gap == 2 {
                gap = 1
                continue
            }
            guard
                let next = columns.indices.filter({ columns[$0].dropOrder != nil })
                    .max(by: { columns[$0].dropOrder ?? 0 < columns[$1].dropOrder ?? 0 })
            else { break }
            columns.remove(at: next)
            widths.remove(at: next)
            gap = 2
        }
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
        rows = records.map { record in columns.map { $0.cell(record) } }
        self.widths = widths
        self.gap = gap
    }

    var header: String { line(titles) }

    /// One line for each record.
    var lines: [String] { rows.map(line) }

    private func line(_ cells: [String]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
            if index > 0 { text += String(repeating: " ", count: gap) }
            text += alignments[index] == .left ? cell + padding : padding + cell
        }
        return text.trimmingTrailingSpaces
    }

    private static func widths(_ columns: [Column<Record>], _ records: [Record]) -> [Int] {
        columns.map { column in
            records.reduce(max(column.width, column.title.count)) { max($0, column.cell($1).count) }
        }
    }
}
