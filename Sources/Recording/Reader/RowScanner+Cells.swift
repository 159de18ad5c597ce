import SystemCalls

extension RowScanner {
    /// A whole number; nil for an empty cell, which stands for "not known".
    @inline(__always) func unsigned(_ index: Int, _ column: String) throws(RunReadError) -> UInt64? {
        let start = start(index)
        let end = end(index)
        if start == end { return nil }
        return try digits(start, end, column)
    }

    /// A whole number that must be there.
    func number(_ index: Int, _ column: String) throws(RunReadError) -> UInt64 {
        guard start(index) != end(index) else { throw error("the cell is empty", column: column) }
        return try digits(start(index), end(index), column)
    }

    /// A cell as text.
    func text(_ index: Int, _ column: String) throws(RunReadError) -> String {
        guard let text = String(validating: cell(index), as: UTF8.self) else { throw error("no UTF-8", column: column) }
        return EscapedBytes.visible(text)
    }

    /// A share: empty, or digits with a point between them.
    @inline(__always) func checkDecimal(_ index: Int, _ column: String) throws(RunReadError) {
        let cell = cell(index)
        if cell.isEmpty { return }
        let points = cell.reduce(0) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) }
        guard points == 1, cell.first != UInt8(ascii: "."), cell.last != UInt8(ascii: "."),
            cell.allSatisfy({ $0 == UInt8(ascii: ".") || $0 &- zero < 10 })
        else { throw wrong(index, column, "is no decimal number") }
    }

    /// An error about a cell, with what it says, as far as that can be shown.
    @inline(never) func wrong(_ index: Int, _ column: String, _ reason: String) -> RunReadError {
        error("\(shown(cell(index))) \(reason)", column: column)
    }

    /// Bytes in quotes, cut to what a line of an error has room for; nothing that a terminal would obey.
    func shown(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let printable = bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return "\"\(String(decoding: printable, as: UTF8.self))\(bytes.count > 40 ? "..." : "")\""
    }

    @inline(__always) private func digits(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ column: String
    ) throws(RunReadError) -> UInt64 {
        // Nineteen digits always fit.
        guard end - start <= 19, start[0] != zero || end - start == 1 else { return try unusual(start, end, column) }
        var value: UInt64 = 0
        var next = start
        while next < end {
            let digit = next[0] &- zero
            guard digit < 10 else { return try unusual(start, end, column) }
            value = value &* 10 &+ UInt64(digit)
            next += 1
        }
        return value
    }

    /// Twenty digits, or no number.
    @inline(never) private func unusual(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ column: String
    ) throws(RunReadError) -> UInt64 {
        let cell = UnsafeBufferPointer(start: start, count: end - start)
        let isNumber = cell.allSatisfy { $0 &- zero < 10 } && (cell.count == 1 || cell[0] != zero)
        guard isNumber else { throw error("\(shown(cell)) is no whole number", column: column) }
        guard cell.count <= 20, let value = UInt64(String(decoding: cell, as: UTF8.self)) else {
            throw error("\(shown(cell)) is more than 64 bits hold", column: column)
        }
        return value
    }
}

private let zero = UInt8(ascii: "0")
