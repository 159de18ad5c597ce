import Frames

/// Writes what has changed between two frames, and nothing else. Pure: the text goes to the terminal elsewhere.
///
/// Plain ANSI (ECMA-48) that every terminal of the last forty years takes; terminfo is no part of a static binary.
public struct FrameWriter {
    private let palette: Palette
    private var text = ""
    /// Where the cursor is; nil where that is not sure.
    private var place: (column: Int, row: Int)?
    private var ink: Ink?

    /// Unchanged cells that are written again rather than stepped over: a move is about as long.
    private static let shortGap = 4

    private init(_ colours: FrameStyle.Colours) { palette = Palette(colours) }

    /// What makes a terminal that shows `before` show `frame`.
    /// - Parameter before: nil for a terminal of which nothing is known.
    public static func text(from before: Frame?, to frame: Frame, _ colours: FrameStyle.Colours) -> String {
        var writer = FrameWriter(colours)
        let known = before.flatMap { $0.size == frame.size ? $0 : nil }
        if known == nil { writer.text += "\u{1B}[m" + Escape.home + Escape.clearToEnd }
        for row in 0..<frame.size.rows { writer.write(row, of: frame, over: known) }
        if let ink = writer.ink, ink != .plain { writer.text += writer.palette.sequence(.plain) }
        return writer.text
    }

    private mutating func write(_ row: Int, of frame: Frame, over before: Frame?) {
        let columns = frame.size.columns
        func isChanged(_ column: Int) -> Bool {
            let old = before?[column, row] ?? Cell()
            return old != frame[column, row]
        }
        var column = 0
        while column < columns {
            guard isChanged(column) else {
                column += 1
                continue
            }
            // A wide character is written whole.
            if frame[column, row].isContinued, column > 0 { column -= 1 }
            if blankTail(of: frame, column, row) {
                move(column, row)
                use(.plain)
                text += Escape.clearLine
                return
            }
            move(column, row, over: frame)
            column += put(frame[column, row], columns: frame, column, row)
        }
    }

    /// Whether the line is blank from here on, and long enough for one sequence.
    private func blankTail(of frame: Frame, _ column: Int, _ row: Int) -> Bool {
        frame.size.columns - column > 3
            && (column..<frame.size.columns).allSatisfy { frame[$0, row] == Cell() }
    }

    /// - Returns: how many columns it takes.
    private mutating func put(_ cell: Cell, columns frame: Frame, _ column: Int, _ row: Int) -> Int {
        use(cell.ink)
        text.append(cell.character)
        let isWide = column + 1 < frame.size.columns && frame[column + 1, row].isContinued
        let width = isWide ? 2 : 1
        // Terminals do not agree on the width of such characters, nor on what happens at the right margin.
        let isSure = cell.character.unicodeScalars.count == 1 && !isWide && column + width < frame.size.columns
        place = isSure ? (column + width, row) : nil
        return width
    }

    private mutating func move(_ column: Int, _ row: Int, over frame: Frame) {
        if let place, place.row == row, column > place.column, column - place.column <= FrameWriter.shortGap {
            let between = (place.column..<column).map { frame[$0, row] }
            if between.allSatisfy({ $0.ink == ink && !$0.isContinued && $0.character.isASCII }) {
                for cell in between { text.append(cell.character) }
                self.place = (column, row)
            }
        }
        move(column, row)
    }

    private mutating func move(_ column: Int, _ row: Int) {
        if let place, place == (column, row) { return }
        if let place, place.row == row, column > place.column {
            text += "\u{1B}[\(column - place.column)C"
        } else if column == 0 {
            text += row == 0 ? Escape.home : "\u{1B}[\(row + 1)H"
        } else {
            text += "\u{1B}[\(row + 1);\(column + 1)H"
        }
        place = (column, row)
    }

    private mutating func use(_ wanted: Ink) {
        guard ink != wanted else { return }
        text += palette.sequence(wanted)
        ink = wanted
    }
}
