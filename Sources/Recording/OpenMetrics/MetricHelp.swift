import Contention

/// What scraped metrics are, in a sentence each.
enum MetricHelp {
    static func text(_ metric: Metric) -> String {
        texts[metric.qualifiedName] ?? "\(metric.qualifiedName) as mountscope records it."
    }

    private static let texts = [
        "mount_lock.write_sections": "Exclusive holders of mount_lock that moved its sequence.",
        "mount_lock.write_acquires": "Write sections by the kernel function that began them.",
        "mount_lock.write_coverage": "Write sections seen at the instructions that begin them.",
        "mount_lock.write_hold": "Time that a write section kept the sequence odd.",
        "mount_lock.write_duty": "Samples that found the sequence odd.",
        "mount_lock.excl_acquires": "Holders of the spinlock that left the sequence alone, by kernel function.",
        "mount_lock.excl_hold": "Time that such a holder kept the spinlock.",
        "mount_lock.lock_duty": "Samples that found the spinlock taken.",
        "mount_lock.lock_wait": "Time that an acquisition waited for the taken spinlock.",
        "mount_lock.lock_queue": "Samples that found others queued behind the holder of the spinlock.",
        "mount_lock.read_retries": "Validations by readers of mount_lock that failed.",
        "mount_lock.walk_fallbacks": "RCU path walks done again in ref-walk mode because mount_lock moved.",
        "mount_lock.reader_spins": "Readers that waited for a write section to end, by kernel function.",
        "mount_lock.spin_iterations": "Iterations of the loops that such readers waited in.",
        "mount_lock.spin_time": "CPU time that such readers spent waiting.",
        "mount_lock.spin_share": "Samples whose CPU was in a loop that waits for a write section to end.",
        "mount_lock.reader_wait": "Time that a reader was blocked by a write section (PREEMPT_RT).",
        "namespace_sem.read_wait": "Time that a reader waited for namespace_sem.",
        "namespace_sem.read_hold": "Time that a reader held namespace_sem; one page of a mount table at most.",
        "namespace_sem.read_duty": "Samples that found namespace_sem held by readers.",
        "namespace_sem.write_wait": "Time that a writer waited for namespace_sem.",
        "namespace_sem.write_hold": "Time that a writer held namespace_sem, up to its downgrade.",
        "namespace_sem.write_duty": "Samples that found namespace_sem held by a writer.",
        "mountscope.own_cost": "CPU time that mountscope takes.",
        "mountscope.cpus_online": "CPUs that are online.",
        "mountscope.lost_events": "Events that were not counted, and samples that were due and not taken, by cause.",
    ]
}
