import SystemCalls

/// A grid of cells: what a screen is to show. A pure value.
public struct Frame: Sendable, Equatable {
    public let size: FrameSize
    /// Row by row.
    public private(set) var cells: [Cell]

    /// All blank.
    public init(_ size: FrameSize) {
        self.size = size
        cells = Array(repeating: Cell(), count: size.columns * size.rows)
    }

    public subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

    /// Writes text to the right of a place; what is outside of the frame, or behind `limit`, is not written, and a character that
    /// would be cut in half leaves a blank. What a terminal would obey is escaped.
    /// - Parameter limit: the first column that is not to be written to; nil for the frame's end.
    /// - Returns: the column behind the text.
    @discardableResult
    public mutating func write(
        _ text: String, column: Int, row: Int, _ ink: Ink = .plain, limit: Int? = nil
    ) -> Int {
        guard row >= 0, row < size.rows else { return column }
        let end = min(limit ?? size.columns, size.columns)
        var column = column
        for character in EscapedBytes.visible(text) {
            let width = CharacterWidth.columns(character)
            // A mark without a character to stand on, such as at the beginning of a name.
            guard width > 0 else { continue }
            guard column + width <= end else { return min(column, end) }
            if column >= 0 { put(character, width, column: column, row: row, ink) }
            column += width
        }
        return column
    }

    /// Gives cells another ink.
    public mutating func paint(_ ink: Ink, columns: Range<Int>, row: Int) {
        guard row >= 0, row < size.rows else { return }
        for column in columns.clamped(to: 0..<size.columns) { cells[row * size.columns + column].ink = ink }
    }

    /// Puts another frame into this one; what is outside is cut.
    public mutating func place(_ other: Frame, column: Int, row: Int) {
        for y in 0..<other.size.rows where row + y >= 0 && row + y < size.rows {
            for x in 0..<other.size.columns where column + x >= 0 && column + x < size.columns {
                cells[(row + y) * size.columns + column + x] = other[x, y]
            }
        }
    }

    /// The lines as text, without inks and without blanks at their ends.
    public var lines: [String] {
        (0..<size.rows).map { row in
            var line = ""
            var blanks = 0
            for column in 0..<size.columns {
                let cell = self[column, row]
                if cell.isContinued { continue }
                guard cell.character != " " else {
                    blanks += 1
                    continue
                }
                line += String(repeating: " ", count: blanks) + String(cell.character)
                blanks = 0
            }
            return line
        }
    }

    private mutating func put(_ character: Character, _ width: Int, column: Int, row: Int, _ ink: Ink) {
        let place = row * size.columns + column
        // Half of a wide character that was there is nothing.
        if cells[place].isContinued, column > 0 { cells[place - 1].character = " " }
        cells[place] = Cell(character, ink)
        if width == 2 {
            cells[place + 1] = .continued
            cells[place + 1].ink = ink
        }
        let next = column + width
        if next < size.columns, cells[place + width].isContinued { cells[place + width] = Cell(" ", ink) }
    }
}
