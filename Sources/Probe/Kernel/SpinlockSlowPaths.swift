/// The functions that wait for a spinlock (kernel/locking/qspinlock.c). Which of them is in use depends on the hypervisor.
enum SpinlockSlowPaths {
    static let names: Set<String> = [
        "queued_spin_lock_slowpath", "native_queued_spin_lock_slowpath", "__pv_queued_spin_lock_slowpath",
    ]
}
