import SystemCalls

/// Text that somebody else chose, in a CSV cell: host names, labels, paths.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or one of their full-width forms for a formula, and runs
/// it. Such a cell is written with an apostrophe before it, and so is one that begins with an apostrophe; who reads the
/// file takes one apostrophe from the beginning of a cell away. Control characters are escaped as `EscapedBytes` does.
enum FreeText {
    private static let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "'", "＝", "＋", "－", "＠"]

    /// The cell for a text.
    static func cell(_ text: String) -> String {
        let text = EscapedBytes.visible(text)
        guard let first = text.unicodeScalars.first, dangerous.contains(first) else { return text }
        return "'" + text
    }

    /// The text of a cell.
    static func text(_ cell: String) -> String { cell.hasPrefix("'") ? String(cell.dropFirst()) : cell }
}
