import CLinux
import Contention
import Glibc
import SystemCalls

/// Waits with the signals of a terminal program blocked and read from a descriptor, so that they interrupt nothing.
///
/// Blocks SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH and SIGCHLD for the thread that creates it, until it goes; with a keyboard
/// also SIGTSTP. Children inherit the blocked signals unless their starter resets them.
public final class SignalWaiter: Waiter {
    private let signals: FileDescriptor
    private let timer: FileDescriptor
    /// The descriptor whose reader's end is news; -1 for none.
    private var watched: Int32
    /// The descriptor whose bytes are keys; -1 for none.
    private var keyboard: Int32
    private var maskBefore = sigset_t()
    private var decoder = KeyDecoder()
    /// Keys that came with others.
    private var keys: [Key] = []
    /// Milliseconds within which the rest of an escape sequence comes; else somebody pressed Escape.
    private static let patience: Int32 = 50

    /// - Parameters:
    ///   - output: a pipe or socket whose closing by the reader is to end a wait; nil for none.
    ///   - keyboard: a terminal whose keys and Ctrl-Z are news; nil for none.
    /// - Throws: `SystemFailure` when the kernel gives no descriptor.
    public init(watching output: Output? = nil, keyboard: Int32? = nil) throws {
        watched = output?.descriptor ?? -1
        self.keyboard = keyboard ?? -1
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCHLD] { sigaddset(&mask, signal) }
        if keyboard != nil { sigaddset(&mask, SIGTSTP) }
        do {
            signals = FileDescriptor(
                owning: try retryingInterrupted { signalfd(-1, &mask, Int32(SFD_CLOEXEC | SFD_NONBLOCK)) })
            timer = FileDescriptor(
                owning: try retryingInterrupted { timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK)) })
        } catch {
            throw SystemFailure("cannot wait for signals", error)
        }
        pthread_sigmask(SIG_BLOCK, &mask, &maskBefore)
    }

    deinit { pthread_sigmask(SIG_SETMASK, &maskBefore, nil) }

    public func wait(until deadline: UInt64) throws -> Wakeup {
        do {
            try arm(deadline)
            while true {
                if let wakeup = try readSignal() { return wakeup }
                if !keys.isEmpty { return .key(keys.removeFirst()) }
                var descriptors = [
                    pollfd(fd: signals.number, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: timer.number, events: Int16(POLLIN), revents: 0),
                    // No events asked: the kernel always reports POLLERR and POLLHUP.
                    pollfd(fd: watched, events: 0, revents: 0),
                    pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0),
                ]
                try retryingInterrupted { poll(&descriptors, nfds_t(descriptors.count), -1) }
                if descriptors[0].revents != 0 { continue }
                if descriptors[2].revents != 0 {
                    watched = -1
                    return .outputClosed
                }
                if descriptors[3].revents != 0 {
                    try readKeys()
                    continue
                }
                if descriptors[1].revents != 0 { return .deadline }
            }
        } catch {
            throw SystemFailure("cannot wait for signals", error)
        }
    }

    private func arm(_ deadline: UInt64) throws(Errno) {
        var moment = itimerspec()
        // A zero would disarm the timer instead of firing at once.
        let deadline = min(max(deadline, 1), UInt64(Int64.max))
        moment.it_value = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        try retryingInterrupted { timerfd_settime(timer.number, Int32(TFD_TIMER_ABSTIME), &moment, nil) }
    }

    /// Reads what was typed. Where the keyboard is gone there is none from now on.
    private func readKeys() throws(Errno) {
        while true {
            var bytes = [UInt8](repeating: 0, count: 4096)
            do {
                let count = try retryingInterrupted { read(keyboard, &bytes, bytes.count) }
                guard count > 0 else { return loseKeyboard() }
                keys += decoder.decode(bytes.prefix(count))
            } catch {
                // EIO: the terminal hung up, or another job has it.
                guard error.code == EIO else { throw error }
                return loseKeyboard()
            }
            guard decoder.isWaiting, try isTypedSoon() else { break }
        }
        keys += decoder.flush()
    }

    private func loseKeyboard() {
        keyboard = -1
        keys += decoder.flush()
    }

    private func isTypedSoon() throws(Errno) -> Bool {
        var descriptor = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        return try retryingInterrupted { poll(&descriptor, 1, SignalWaiter.patience) } > 0
    }

    /// The next pending signal; nil where there is none.
    private func readSignal() throws(Errno) -> Wakeup? {
        var info = signalfd_siginfo()
        do {
            try retryingInterrupted { read(signals.number, &info, MemoryLayout<signalfd_siginfo>.size) }
        } catch {
            if error.code == EAGAIN { return nil }
            throw error
        }
        let fromTerminal = info.ssi_code == siKernel
        switch Int32(info.ssi_signo) {
        case SIGINT: return .stop(.interrupt, fromTerminal: fromTerminal)
        case SIGTERM: return .stop(.terminate, fromTerminal: fromTerminal)
        case SIGHUP: return .stop(.hangUp, fromTerminal: fromTerminal)
        case SIGQUIT: return .stop(.quit, fromTerminal: fromTerminal)
        case SIGWINCH: return .windowChanged
        case SIGTSTP: return .suspend
        default: return .childChanged
        }
    }
}

/// SI_KERNEL of asm-generic/siginfo.h: sent by the kernel, as a terminal's signals are.
private let siKernel: Int32 = 0x80
