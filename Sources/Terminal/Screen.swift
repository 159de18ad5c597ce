import Glibc
import SystemCalls

/// The alternate screen with its cursor hidden and its keyboard quiet, until this object goes or `leave()` is called.
///
/// Signals must be waited for (`SignalWaiter`), not deadly: then every way out passes here.
public final class Screen {
    private let output: Output
    private let keyboard: Keyboard
    private var isEntered = false

    /// Enters.
    /// - Throws: when the terminal cannot be written to.
    public init(output: Output = .standard, keyboard: Int32 = STDIN_FILENO) throws {
        self.output = output
        self.keyboard = Keyboard(keyboard)
        try enter()
    }

    deinit { leaveQuietly() }

    /// The window's size now.
    public var size: WindowSize { TerminalDevice.windowSize(output.descriptor) ?? .standard }

    /// Shows the lines from the top, cut to the window; in one write, without clearing first, so that nothing flickers.
    ///
    /// Lines are plain text: what a terminal would obey is escaped.
    /// - Parameter boldLine: the index of a line to stand out.
    /// - Throws: when the terminal cannot be written to.
    public func draw(_ lines: [String], boldLine: Int? = nil) throws {
        let size = size
        var text = Escape.home
        for (index, line) in lines.prefix(size.rows).enumerated() {
            if index > 0 { text += "\r\n" }
            let cut = EscapedBytes.visible(String(line.prefix(size.columns)))
            text += index == boldLine ? Escape.bold + cut + Escape.plain : cut
            text += Escape.clearLine
        }
        try output.write(text + Escape.clearToEnd)
    }

    /// Back to the normal screen, as it was.
    /// - Throws: when the terminal cannot be written to.
    public func leave() throws {
        guard isEntered else { return }
        isEntered = false
        keyboard.giveBack()
        try output.write(Escape.showCursor + Escape.normalScreen)
    }

    /// Leaves, stops this process as Ctrl-Z does, and enters again when it is continued.
    /// - Throws: when the terminal cannot be written to.
    public func suspend() throws {
        try leave()
        raise(SIGSTOP)
        try enter()
    }

    private func enter() throws {
        do { try keyboard.take() } catch { throw OutputError.failed(error) }
        isEntered = true
        try output.write(Escape.alternateScreen + Escape.hideCursor + Escape.home + Escape.clearToEnd)
    }

    private func leaveQuietly() {
        do { try leave() } catch {
            // The terminal is gone; there is nothing left to restore and nobody to tell.
        }
    }
}
