extension FindingKind {
    /// What it takes, and in which unit.
    public var threshold: (value: Double, unit: String) {
        switch self {
        case .blindRereader: (10, "scans that found nothing new, and half of all")
        case .smallBuffer: (100, "reads more than pages of 4,096 bytes need")
        case .pollerStampede: (4, "scans by pollers for each change")
        case .longTable: (1000, "mounts")
        case .leakingNamespace: (30, "mounts an hour")
        case .mountChurn: (5, "mounts and umounts a second")
        case .oneWriter: (0.8, "of what readers and waiters suffered, and 100 events")
        case .preemptedHolder: (0.01, "preemptions for each hold, and ten of them")
        case .throttledHolder: (0.01, "of the time throttled")
        case .hardenedService: (100, "pages read for services that were starting")
        case .serviceManager: (0.001, "of the time")
        case .idmappedLayers: (20, "calls of mount_setattr beside as many of open_tree and move_mount")
        case .longUnshare: (1_000_000, "nanoseconds on average, and ten of them")
        case .peerCopies: (8, "mounts in a peer group that changes")
        }
    }

    /// What to change.
    public var advice: String {
        switch self {
        case .blindRereader:
            "wait with poll(2) on an open mountinfo (POLLPRI) and read only then, or ask statmount(2) for the one mount "
                + "(Linux 6.8), or take fanotify's mount events (6.15)"
        case .smallBuffer:
            "read mountinfo with a buffer of 4096 bytes: each read holds the lock once, a larger one no longer"
        case .pollerStampede:
            "let one process watch the table and tell the others, or put bursts of mounts together: every change wakes "
                + "every poller"
        case .longTable:
            "find out who makes the mounts (namespaces.csv, mount_churn): each reader holds the lock as long as the table "
                + "is, and every unshare copies it"
        case .leakingNamespace: "find the owner of the new mounts in /proc/PID/mountinfo and let it umount them"
        case .mountChurn:
            "keep the mounts instead of making them anew for each task, or make them in a mount namespace of its own "
                + "with private propagation"
        case .oneWriter: "slow this one down first: batch its mounts, or give it fewer"
        case .preemptedHolder:
            "give the holder more CPU (cpu.weight, fewer threads on its CPUs): who waits for the lock waits for the "
                + "scheduler"
        case .throttledHolder: "raise cpu.max of its cgroup or take the mounts out of it: throttled, it keeps the lock"
        case .hardenedService:
            "start it less often, or leave out the options that make mounts (ProtectSystem=, ReadOnlyPaths=, "
                + "PrivateTmp=, BindPaths=) where the table is long"
        case .serviceManager:
            "make fewer and larger changes: systemd reads the whole table again after every mount and umount, each "
                + "user manager too"
        case .idmappedLayers:
            "use a runtime that maps a container's whole root once instead of each layer (containerd 2.1 or later)"
        case .longUnshare:
            "shorten the table of the namespace that is copied, or make the private copy once and keep it"
        case .peerCopies: "make the mounts private or slave (mount --make-rslave) where nobody needs them to appear"
        }
    }
}
