/// What the manual page says of each metric, in the order of all outputs.
enum MetricText {
    static let sections = [
        ManualText.Section(
            title: "METRICS",
            text: """
                Metrics are of mount_lock, of namespace_sem or of mountscope itself. Of a counter the live view shows \
                the events since the probes were attached and the rate of the last interval; of a duration also \
                percentiles and the longest; of a share its 95 % interval. \
                A metric that is split has a row for each of its parts, named in the column SITE.

                Of mount_lock:
                """, items: mountLock),
        ManualText.Section(title: "METRICS OF NAMESPACE_SEM", items: namespaceSem),
        ManualText.Section(title: "METRICS OF MOUNTSCOPE", items: mountscope),
    ]

    private static let mountLock = [
        item(
            "mount_lock.write_sections",
            """
            Counter. Times that the sequence was made odd and even again (lock_mount_hash). Read from the sequence \
            itself, so no CPU is known.
            """),
        item(
            "mount_lock.write_acquires",
            """
            Counter, by kernel function. The same, seen at the instruction that makes the sequence odd. \
            The site unwatched is what the sequence tells of beyond them.
            """),
        item("mount_lock.write_coverage", "Share. write_acquires without unwatched, over write_sections."),
        item("mount_lock.write_hold", "Duration. From odd to even."),
        item("mount_lock.write_duty", "Share of samples that found the sequence odd."),
        item(
            "mount_lock.excl_acquires",
            """
            Counter, by kernel function. Times that the spinlock was taken without moving the sequence \
            (read_seqlock_excl).
            """),
        item("mount_lock.excl_hold", "Duration. From taking the spinlock so to giving it back."),
        item("mount_lock.lock_duty", "Share of samples that found the spinlock taken."),
        item(
            "mount_lock.lock_wait",
            """
            Duration, of acquisitions that found the spinlock taken: write, exclusive, or either where the two are \
            not told apart.
            """),
        item("mount_lock.lock_queue", "Share of samples that found others queued behind the holder of the spinlock."),
        item(
            "mount_lock.read_retries",
            """
            Counter. A reader found that the sequence had moved: lookup (lookup_mnt), walk (__legitimize_mnt), \
            dotdot (handle_dots), d_path (prepend_path).
            """),
        item(
            "mount_lock.walk_fallbacks",
            """
            Counter. Path walks done again in ref-walk mode because the sequence had moved: lookup (path_lookupat), \
            open (path_openat), parent (path_parentat).
            """),
        item(
            "mount_lock.reader_spins",
            "Counter, by kernel function. Readers that found the sequence odd and spun until it was even."),
        item("mount_lock.spin_iterations", "Counter, by kernel function. Iterations of those loops."),
        item(
            "mount_lock.spin_time",
            "Time, by kernel function. From the first to the last iteration of each spin: one iteration too short."),
        item("mount_lock.spin_share", "Share of CPU time spent in those loops, by kernel function."),
        item(
            "mount_lock.reader_wait",
            "Duration. PREEMPT_RT only: how long a reader that found the sequence odd was blocked."),
    ]

    private static let namespaceSem = [
        item(
            "namespace_sem.read_wait",
            """
            Duration, by what is read: mountinfo, mounts, mountstats, statmount, listmount, other. \
            From asking for the semaphore to having it; 0 where it was had at once.
            """),
        item(
            "namespace_sem.read_hold",
            """
            Duration, by what is read: mountinfo, mounts, mountstats, statmount, listmount, notify, other. \
            Of the tables in /proc one hold is what one read returns: about a page of text. \
            notify is a writer after it has downgraded to a reader.
            """),
        item("namespace_sem.read_duty", "Share of samples that found the semaphore held by readers."),
        item(
            "namespace_sem.write_wait",
            """
            Duration, by operation: mount, umount, move_mount, mount_setattr, open_tree, unshare, clone, pivot_root, \
            exit, expiry, other.
            """),
        item(
            "namespace_sem.write_hold",
            """
            Duration, by operation: mount, umount, move_mount, mount_setattr, open_tree, unshare, clone, pivot_root, \
            exit, expiry, other. Ends at the release, or at the downgrade where the kernel downgrades.
            """),
        item("namespace_sem.write_duty", "Share of samples that found the semaphore held by a writer."),
    ]

    private static let mountscope = [
        item(
            "mountscope.own_cost",
            """
            CPU time: process (mountscope itself), probes (each run at the price found at the start), \
            sampler (each sample at its price).
            """),
        item("mountscope.cpus_online", "1 for a CPU that is online at the end of the interval, 0 for one that is not."),
        item(
            "mountscope.lost_events",
            """
            Counter, by cause: recursion (a program was skipped because it was running on that CPU), missed_kprobe \
            (hit inside the handler of another probe), missed_sample (a sample was due and not taken), unmatched \
            (a start, an acquisition and an end did not follow one another), map_full (no room for another task), \
            impossible (a duration that was rejected).
            """),
    ]

    private static func item(_ name: String, _ text: String) -> ManualText.Item {
        ManualText.Item(term: "Sy \(name)", text: text)
    }
}
