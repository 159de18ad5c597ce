/// The metrics of namespace_sem.
extension MetricRow {
    private static let tables = ["mountinfo", "mounts", "mountstats"]
    private static let operations = [
        "mount", "umount", "move_mount", "mount_setattr", "open_tree", "unshare", "clone", "pivot_root", "exit",
        "expiry", "other",
    ]

    static let namespaceSem: [MetricRow] = [
        MetricRow(
            .readWait, .namespaceSem, "read_wait", .durations, sites: tables + ["statmount", "listmount", "other"],
            help: "Time that a reader waited for namespace_sem.",
            manual: """
                Duration, by what is read: mountinfo, mounts, mountstats, statmount, listmount, other. From \
                asking for the semaphore to having it; 0 where it was had at once.
                """,
            losses: LossCause.ofPairs, standIn: .semaphoreReadDuty, mapped: true),
        // `notify` is a writer behind its downgrade (6.16 and later).
        MetricRow(
            .readHold, .namespaceSem, "read_hold", .durations,
            sites: tables + ["statmount", "listmount", "notify", "other"],
            help: "Time that a reader held namespace_sem; one page of a mount table at most.",
            manual: """
                Duration, by what is read: mountinfo, mounts, mountstats, statmount, listmount, notify, other. Of \
                the tables in /proc one hold is what one read returns: about a page of text. notify is a writer \
                after it has downgraded to a reader.
                """,
            losses: LossCause.ofPairs, standIn: .semaphoreReadDuty, mapped: true),
        // kernel/locking/rwsem.c, `count`.
        MetricRow(
            .semaphoreReadDuty, .namespaceSem, "read_duty", .machineShare,
            help: "Samples that found namespace_sem held by readers.",
            manual: "Share of samples that found the semaphore held by readers."),
        // By what the task was asked to do.
        MetricRow(
            .writeWait, .namespaceSem, "write_wait", .durations, sites: operations,
            help: "Time that a writer waited for namespace_sem.",
            manual: """
                Duration, by operation: mount, umount, move_mount, mount_setattr, open_tree, unshare, clone, \
                pivot_root, exit, expiry, other.
                """,
            losses: LossCause.ofPairs, standIn: .semaphoreWriteDuty, mapped: true),
        // Ends at the downgrade where the kernel downgrades.
        MetricRow(
            .semaphoreWriteHold, .namespaceSem, "write_hold", .durations, sites: operations,
            help: "Time that a writer held namespace_sem, up to its downgrade.",
            manual: """
                Duration, by operation: mount, umount, move_mount, mount_setattr, open_tree, unshare, clone, \
                pivot_root, exit, expiry, other. Ends at the release, or at the downgrade where the kernel \
                downgrades.
                """,
            losses: LossCause.ofPairs, standIn: .semaphoreWriteDuty, mapped: true),
        MetricRow(
            .semaphoreWriteDuty, .namespaceSem, "write_duty", .machineShare,
            help: "Samples that found namespace_sem held by a writer.",
            manual: "Share of samples that found the semaphore held by a writer."),
    ]
}
