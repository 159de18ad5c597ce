/// Columns and rows of characters.
public struct FrameSize: Sendable, Equatable {
    public let columns: Int
    public let rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}

/// What a terminal can show.
public struct FrameStyle: Sendable, Equatable {
    public enum Colours: String, Sendable, CaseIterable {
        /// Bold and reverse only.
        case none
        case sixteen
        case indexed
        /// 24 bits.
        case direct
    }

    public enum Glyphs: String, Sendable, CaseIterable { case unicode, ascii }

    public var colours: Colours
    public var glyphs: Glyphs

    public init(colours: Colours, glyphs: Glyphs) {
        self.colours = colours
        self.glyphs = glyphs
    }
}
