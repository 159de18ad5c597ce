import Glibc

/// SIGINT, SIGTERM and SIGQUIT as values instead of handlers: they are blocked until `release()`, in threads started
/// meanwhile too, and taken one at a time. SIGUSR1 is the workers' note to the main thread that all of them are done.
final class StopSignals {
    /// Sent to the thread that waits when the work is done.
    static let workDone = SIGUSR1

    private var watched = sigset_t()
    private var saved = sigset_t()

    init() {
        sigemptyset(&watched)
        for number in [SIGINT, SIGTERM, SIGQUIT, Self.workDone] { sigaddset(&watched, number) }
        pthread_sigmask(SIG_BLOCK, &watched, &saved)
    }

    /// Drops the signals that came too late and lets later ones through again.
    func release() {
        while next(withinNanoseconds: 0) != nil {}
        pthread_sigmask(SIG_SETMASK, &saved, nil)
    }

    /// The next signal, or nil when none came in time; without a time this waits for ever.
    func next(withinNanoseconds nanoseconds: UInt64?) -> Int32? {
        var number: Int32
        if let nanoseconds {
            var time = timespec(
                tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            number = sigtimedwait(&watched, nil, &time)
        } else {
            repeat { number = sigwaitinfo(&watched, nil) } while number < 0 && errno == EINTR
        }
        return number > 0 ? number : nil
    }
}
