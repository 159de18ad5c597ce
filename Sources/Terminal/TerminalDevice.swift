import Glibc

/// How many characters fit.
public struct WindowSize: Equatable, Sendable {
    public let columns: Int
    public let rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// What is assumed where the terminal does not tell.
    public static let standard = WindowSize(columns: 80, rows: 24)
}

/// What can be asked of a descriptor that may be a terminal.
public enum TerminalDevice {
    /// Whether the descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether a terminal of this kind takes the sequences of a full screen. Without a TERM nothing is known of it, and `dumb`
    /// takes none.
    /// - Parameter kind: the value of the variable TERM; nil where it is not set.
    public static func takesSequences(_ kind: String?) -> Bool { !["", "dumb"].contains(kind ?? "") }

    /// The window's size; nil for what is no terminal and for one that does not know.
    public static func windowSize(_ descriptor: Int32) -> WindowSize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return WindowSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
