import JSON

/// Records as JSON objects, one a line (NDJSON).
struct JSONRows: RowSink {
    private(set) var bytes: [UInt8] = []

    mutating func append<Record>(_ record: Record, columns: [RowColumn<Record>]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, column) in columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            add(JSONValue.string(column.name).formatted)
            bytes.append(UInt8(ascii: ":"))
            switch column.cell(record) {
            case .unknown: add("null")
            case .text(let text), .free(let text): add(JSONValue.string(text).formatted)
            case .signed(let value): add(String(value))
            // Beyond 2^63 too: JSON's numbers have no limit, whatever some readers make of them.
            case .unsigned(let value): add(String(value))
            case .decimal(let value), .number(let value): add(JSONValue.number(value).formatted)
            }
        }
        add("}\n")
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
