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

    /// Blocks until this many threads are ready.
    func waitForArrivals(_ count: Int) {
        pthread_mutex_lock(mutex)
        while arrived < count { pthread_cond_wait(changed, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// Lets all threads go, also those that arrive later.
    func open() {
        pthread_mutex_lock(mutex)
        isOpen = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
