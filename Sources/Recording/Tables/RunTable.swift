/// A file of a run, declared once: its name, its columns, what their cells say and how they are read back.
///
/// Writing, rotation, checksums, replacing an older run and reading follow from the declarations in `RunTables`.
struct RunTable<Row: Sendable>: Sendable {
    /// Of the first file: `intervals.csv`.
    let file: String
    /// The schema's minor version from which on every run has the file.
    var since: Int64 = 0
    let columns: [RunColumn<Row>]

    /// As a sink of rows takes them.
    var written: [RowColumn<Row>] { columns.map(\.written) }
}

/// A column of a file.
struct RunColumn<Row: Sendable>: Sendable {
    /// How a cell is read back.
    enum Reading: Sendable {
        /// By the table's own reader: names, modes, and what several columns say together.
        case byReader
        /// A whole number, or empty for what is not known.
        case number(@Sendable (inout Row, UInt64?) -> Void)
        /// Text, or empty for what is not known; false for a text that cannot stand there.
        case text(@Sendable (inout Row, String?) -> Bool)
        /// A decimal number that follows from other cells: it is only looked at.
        case decimal
    }

    let name: String
    /// The schema's minor version from which on every run has it.
    let since: Int64
    let reading: Reading
    let written: RowColumn<Row>

    init(_ name: String, since: Int64 = 0, _ cell: @escaping @Sendable (Row) -> RowCell) {
        self.init(name, since: since, reading: .byReader, cell)
    }

    private init(
        _ name: String, since: Int64, reading: Reading, _ cell: @escaping @Sendable (Row) -> RowCell
    ) {
        self.name = name
        self.since = since
        self.reading = reading
        written = RowColumn(name, cell)
    }

    static func number(
        _ name: String, since: Int64 = 0, _ value: @escaping @Sendable (Row) -> UInt64?,
        set: @escaping @Sendable (inout Row, UInt64?) -> Void
    ) -> RunColumn {
        RunColumn(name, since: since, reading: .number(set)) { .number(value($0)) }
    }

    /// Text that somebody else chose.
    static func free(
        _ name: String, since: Int64 = 0, _ value: @escaping @Sendable (Row) -> String?,
        set: @escaping @Sendable (inout Row, String?) -> Bool
    ) -> RunColumn {
        RunColumn(name, since: since, reading: .text(set)) { value($0).map(RowCell.free) ?? .unknown }
    }

    static func decimal(_ name: String, since: Int64 = 0, _ value: @escaping @Sendable (Row) -> Double?) -> RunColumn {
        RunColumn(name, since: since, reading: .decimal) { .share(value($0)) }
    }
}

/// Where the columns of a table are in one file: by name, in any order, unknown ones among them.
struct RunColumnPlaces<Row: Sendable> {
    /// Cells of every row.
    let cells: Int
    private let map: ColumnMap
    private let numbers: [(place: Int, name: String, set: @Sendable (inout Row, UInt64?) -> Void)]
    private let decimals: [(place: Int, name: String)]
    private let texts: [(place: Int, name: String, set: @Sendable (inout Row, String?) -> Bool)]

    /// Takes the scanner's row, the file's first, as the header.
    /// - Parameter minor: the schema's version of the run: columns that came later may be missing.
    init(_ table: RunTable<Row>, header scanner: RowScanner, minor: Int64) throws(RunReadError) {
        map = try ColumnMap(header: scanner)
        cells = map.count
        var numbers: [(place: Int, name: String, set: @Sendable (inout Row, UInt64?) -> Void)] = []
        var decimals: [(place: Int, name: String)] = []
        var texts: [(place: Int, name: String, set: @Sendable (inout Row, String?) -> Bool)] = []
        for column in table.columns {
            let place =
                column.since > minor ? map.optional(column.name) : try map.required(column.name, in: scanner)
            guard place >= 0 else { continue }
            switch column.reading {
            case .byReader: break
            case .number(let set): numbers.append((place, column.name, set))
            case .decimal: decimals.append((place, column.name))
            case .text(let set): texts.append((place, column.name, set))
            }
        }
        self.numbers = numbers
        self.decimals = decimals
        self.texts = texts
    }

    /// The place of a column that every run has.
    func required(_ name: String, in scanner: RowScanner) throws(RunReadError) -> Int {
        try map.required(name, in: scanner)
    }

    /// Reads the cells of numbers into a row, and looks at the decimals.
    @inline(__always) func readNumbers(_ scanner: RowScanner, into row: inout Row) throws(RunReadError) {
        for column in numbers { column.set(&row, try scanner.unsigned(column.place, column.name)) }
        for column in decimals { try scanner.checkDecimal(column.place, column.name) }
    }
}

extension RunColumnPlaces {
    /// Reads the cells of text into a row.
    func readTexts(_ scanner: RowScanner, into row: inout Row) throws(RunReadError) {
        for column in texts {
            let cell = FreeText.text(try scanner.text(column.place, column.name))
            guard column.set(&row, cell.isEmpty ? nil : cell) else {
                throw scanner.wrong(column.place, column.name, "cannot stand there")
            }
        }
    }
}

/// Where a file's columns are: by name, in any order, unknown ones among them.
struct ColumnMap {
    private var places: [String: Int] = [:]
    /// In their order.
    private(set) var names: [String] = []
    /// Cells of every row.
    var count: Int { names.count }

    /// Takes the scanner's row, the file's first, as the header.
    /// - Throws: for a name twice.
    init(header: RowScanner) throws(RunReadError) {
        for index in 0..<header.count {
            let name = try header.text(index, "\(index + 1)")
            guard places.updateValue(index, forKey: name) == nil else {
                throw header.error("the column comes twice", column: name)
            }
            names.append(name)
        }
    }

    /// The place of a column, -1 where there is none.
    func optional(_ name: String) -> Int { places[name] ?? -1 }

    /// The place of a column.
    /// - Throws: where there is none.
    func required(_ name: String, in scanner: RowScanner) throws(RunReadError) -> Int {
        guard let place = places[name] else { throw scanner.error("the column is missing", column: name) }
        return place
    }
}
