import Glibc

/// Holds threads back until all have arrived and the gate is opened, so that the measured work starts together.
final class StartGate {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var arrived = 0
    private var isOpen = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Counts the calling thread as ready and blocks it until the gate opens.
    func arriveAndWait() {
        pthread_mutex_lock(mutex)
        arrived += 1
        pthread_cond_broadcast(changed)
        while !isOpen { pthread_cond_wait(changed, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// Blocks until this many threads are ready, or for so long.
    /// - Returns: whether they are ready.
    func waitForArrivals(_ count: Int, nanoseconds: Int = .max) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let (sum, overflows) = deadline.tv_nsec.addingReportingOverflow(nanoseconds)
        deadline.tv_sec += (overflows ? .max / 2 : sum) / 1_000_000_000
        deadline.tv_nsec = (overflows ? 0 : sum) % 1_000_000_000
        while arrived < count {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return false }
        }
        return true
    }

    /// Lets all threads go, also those that arrive later.
    func open() {
        pthread_mutex_lock(mutex)
        isOpen = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
