import Glibc
import SystemCalls

/// A terminal's keyboard: while taken, keys come one by one and are not echoed. Ctrl-C and Ctrl-Z still send signals.
final class Keyboard {
    let descriptor: Int32
    /// As it was; nil while not taken.
    private(set) var before: termios?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Does nothing where there is no keyboard. Stops a background job until it is in the foreground.
    /// - Throws: the errno of the terminal.
    func take() throws(Errno) {
        guard before == nil, TerminalDevice.isTerminal(descriptor) else { return }
        var settings = termios()
        try retryingInterrupted { tcgetattr(descriptor, &settings) }
        let old = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        try retryingInterrupted { tcsetattr(descriptor, TCSADRAIN, &settings) }
        before = old
    }

    /// Puts everything back, also from the background; a terminal that is gone needs nothing.
    func giveBack() {
        guard var settings = before else { return }
        before = nil
        var mask = sigset_t()
        var old = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &mask, &old)
        tcsetattr(descriptor, TCSADRAIN, &settings)
        pthread_sigmask(SIG_SETMASK, &old, nil)
    }
}
