/// The escape sequences used, by name (ECMA-48 and xterm's control sequences).
public enum Escape {
    /// Switches to a screen of its own; what was there before comes back afterwards.
    public static let alternateScreen = "\u{1B}[?1049h"
    /// Back from it.
    public static let normalScreen = "\u{1B}[?1049l"
    /// No blinking cursor.
    public static let hideCursor = "\u{1B}[?25l"
    /// The cursor again.
    public static let showCursor = "\u{1B}[?25h"
    /// To the upper left corner.
    public static let home = "\u{1B}[H"
    /// From the cursor to the end of the screen.
    public static let clearToEnd = "\u{1B}[J"
    /// From the cursor to the end of the line.
    public static let clearLine = "\u{1B}[K"
    /// What is pasted comes between marks (xterm's bracketed paste).
    public static let markPaste = "\u{1B}[?2004h"
    /// No longer.
    public static let dontMarkPaste = "\u{1B}[?2004l"
}
