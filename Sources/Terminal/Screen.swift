import CTerminal
import Frames
import Glibc
import SystemCalls

/// The alternate screen with its cursor hidden and its keyboard quiet, until this object goes or `leave()` is called, or the
/// process crashes.
///
/// Signals must be waited for (`SignalWaiter`), not deadly: then every way out passes here.
public final class Screen {
    private let output: Output
    private let keyboard: Keyboard
    private let colours: FrameStyle.Colours
    private var isEntered = false
    /// What the terminal shows; nil where that is not known.
    private var shown: Frame?
    /// Bytes that frames took so far.
    public private(set) var bytesWritten = 0

    private static let leaving = Escape.dontMarkPaste + "\u{1B}[m" + Escape.showCursor + Escape.normalScreen
    /// For as long as the process lives: a crash writes it.
    private nonisolated(unsafe) static let leavingBytes: UnsafeMutablePointer<CChar>? = strdup(leaving)

    /// Enters.
    /// - Throws: when the terminal cannot be written to.
    public init(output: Output = .standard, keyboard: Int32 = STDIN_FILENO, colours: FrameStyle.Colours = .none) throws
    {
        self.output = output
        self.keyboard = Keyboard(keyboard)
        self.colours = colours
        try enter()
    }

    deinit { leaveQuietly() }

    /// The window's size now.
    public var size: FrameSize {
        let size = TerminalDevice.windowSize(output.descriptor) ?? .standard
        return FrameSize(columns: size.columns, rows: size.rows)
    }

    /// Shows a frame: writes what is otherwise than before, in one write, so that nothing flickers.
    /// - Throws: when the terminal cannot be written to.
    public func draw(_ frame: Frame) throws {
        let text = FrameWriter.text(from: shown, to: frame, colours)
        shown = frame
        guard !text.isEmpty else { return }
        bytesWritten += text.utf8.count
        try output.write(text)
    }

    /// Takes the terminal for unknown: the next frame is drawn whole.
    public func forget() { shown = nil }

    /// Back to the normal screen, as it was.
    /// - Throws: when the terminal cannot be written to.
    public func leave() throws {
        guard isEntered else { return }
        isEntered = false
        cterminal_release()
        keyboard.giveBack()
        try output.write(Screen.leaving)
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
        shown = nil
        guardAgainstCrashes()
        try output.write(
            Escape.alternateScreen + Escape.hideCursor + Escape.markPaste + Escape.home + Escape.clearToEnd)
    }

    private func guardAgainstCrashes() {
        guard let bytes = Screen.leavingBytes else { return }
        if var settings = keyboard.before {
            cterminal_guard(output.descriptor, bytes, keyboard.descriptor, &settings)
        } else {
            cterminal_guard(output.descriptor, bytes, -1, nil)
        }
    }

    private func leaveQuietly() {
        do { try leave() } catch {
            // The terminal is gone; there is nothing left to restore and nobody to tell.
        }
    }
}
