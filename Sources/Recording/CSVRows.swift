/// Rows of CSV (RFC 4180, but with LF) as bytes, and where each row ends.
public struct CSVRows: Sendable {
    public private(set) var bytes: [UInt8] = []
    /// The offsets just behind each row's LF.
    public private(set) var rowEnds: [Int] = []
    private var isRowEmpty = true

    /// No rows.
    public init() {}

    /// Adds a cell of text, quoted where it has to be.
    public mutating func append(_ text: String) {
        separate()
        guard text.utf8.contains(where: { $0 == quote || $0 == comma || $0 == lineFeed || $0 == carriageReturn }) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(quote)
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// Adds a cell with a whole number; an empty cell for nil, which stands for "not known".
    public mutating func append(_ value: (some BinaryInteger)?) {
        separate()
        if let value { bytes.append(contentsOf: String(value).utf8) }
    }

    /// Adds a cell with a share, to eight decimals and never with an exponent; an empty cell for nil.
    public mutating func append(decimal value: Double?) {
        separate()
        guard let value, value.isFinite, value >= 0, value < 1e9 else { return }
        let scaled = String(UInt64((value * 1e8).rounded()))
        let digits = String(repeating: "0", count: max(0, 9 - scaled.count)) + scaled
        bytes.append(contentsOf: (digits.dropLast(8) + "." + digits.suffix(8)).utf8)
    }

    /// Adds a cell with a number as short as it can be read back; an empty cell for nil and what is not finite.
    public mutating func append(number value: Double?) {
        separate()
        if let value, value.isFinite { bytes.append(contentsOf: "\(value)".utf8) }
    }

    /// Ends the row; the next cell begins another.
    public mutating func endRow() {
        bytes.append(lineFeed)
        rowEnds.append(bytes.count)
        isRowEmpty = true
    }

    private mutating func separate() {
        if !isRowEmpty { bytes.append(comma) }
        isRowEmpty = false
    }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

extension CSVRows: RowSink {
    /// The header row.
    init<Record>(headerOf columns: [RowColumn<Record>]) {
        for column in columns { append(column.name) }
        endRow()
    }

    mutating func append<Record>(_ record: Record, columns: [RowColumn<Record>]) {
        for column in columns {
            switch column.cell(record) {
            case .unknown: append(nil as Int?)
            case .text(let text): append(text)
            case .free(let text): append(FreeText.cell(text))
            case .signed(let value): append(value)
            case .unsigned(let value): append(value)
            case .decimal(let value): append(decimal: value)
            case .number(let value): append(number: value)
            }
        }
        endRow()
    }
}
