/// The metrics of mount_lock.
extension MetricRow {
    static let mountLock: [MetricRow] = [
        // Counted for the machine: by the sequence itself, which knows no CPU.
        MetricRow(
            .writeSections, .mountLock, "write_sections", .machineCounter,
            help: "Exclusive holders of mount_lock that moved its sequence.",
            manual: """
                Counter. Times that the sequence was made odd and even again (lock_mount_hash). Read from the \
                sequence itself, so no CPU is known.
                """),
        MetricRow(
            .writeAcquires, .mountLock, "write_acquires", .counter, by: .functions,
            help: "Write sections by the kernel function that began them.",
            manual: """
                Counter, by kernel function. The same, seen at the instruction that makes the sequence odd. The \
                site unwatched is what the sequence tells of beyond them.
                """,
            losses: LossCause.ofCounts, standIn: .writeDuty, mapped: true),
        MetricRow(
            .writeCoverage, .mountLock, "write_coverage", .machineShare, of: .events,
            help: "Write sections seen at the instructions that begin them.",
            manual: "Share. write_acquires without unwatched, over write_sections."),
        MetricRow(
            .writeHold, .mountLock, "write_hold", .durations,
            help: "Time that a write section kept the sequence odd.",
            manual: "Duration. From odd to even.",
            losses: LossCause.ofPairs, standIn: .writeDuty),
        MetricRow(
            .writeDuty, .mountLock, "write_duty", .machineShare,
            help: "Samples that found the sequence odd.",
            manual: "Share of samples that found the sequence odd."),
        MetricRow(
            .exclusiveAcquires, .mountLock, "excl_acquires", .counter, by: .functions,
            help: "Holders of the spinlock that left the sequence alone, by kernel function.",
            manual: """
                Counter, by kernel function. Times that the spinlock was taken without moving the sequence \
                (read_seqlock_excl).
                """,
            losses: LossCause.ofCounts, standIn: .lockDuty, mapped: true),
        MetricRow(
            .exclusiveHold, .mountLock, "excl_hold", .durations,
            help: "Time that such a holder kept the spinlock.",
            manual: "Duration. From taking the spinlock so to giving it back.",
            losses: LossCause.ofPairs, standIn: .lockDuty),
        MetricRow(
            .lockDuty, .mountLock, "lock_duty", .machineShare,
            help: "Samples that found the spinlock taken.",
            manual: "Share of samples that found the spinlock taken."),
        // Of acquisitions that found the spinlock taken: from the slow path to the acquisition. A kernel has either `write`
        // and `exclusive` or, where they are not told apart, `either`.
        MetricRow(
            .lockWait, .mountLock, "lock_wait", .durations, sites: ["write", "exclusive", Metric.either],
            help: "Time that an acquisition waited for the taken spinlock.",
            manual: """
                Duration, of acquisitions that found the spinlock taken: write, exclusive, or either where the \
                two are not told apart.
                """,
            losses: LossCause.ofPairs, standIn: .lockQueue, mapped: true),
        // kernel/locking/qspinlock.c: a pending or tail bit.
        MetricRow(
            .lockQueue, .mountLock, "lock_queue", .machineShare,
            help: "Samples that found others queued behind the holder of the spinlock.",
            manual: "Share of samples that found others queued behind the holder of the spinlock."),
        MetricRow(
            .readRetries, .mountLock, "read_retries", .counter, sites: ["lookup", "walk", "dotdot", "d_path"],
            help: "Validations by readers of mount_lock that failed.",
            manual: """
                Counter. A reader found that the sequence had moved: lookup (lookup_mnt), walk \
                (__legitimize_mnt), dotdot (handle_dots), d_path (prepend_path).
                """,
            losses: LossCause.ofCounts.union([.unmatched, .mapFull]), mapped: true),
        // By the walk that was done again: `path_lookupat`, `path_openat`, `path_parentat`.
        MetricRow(
            .walkFallbacks, .mountLock, "walk_fallbacks", .counter, sites: ["lookup", "open", "parent"],
            help: "RCU path walks done again in ref-walk mode because mount_lock moved.",
            manual: """
                Counter. Path walks done again in ref-walk mode because the sequence had moved: lookup \
                (path_lookupat), open (path_openat), parent (path_parentat).
                """,
            losses: LossCause.ofCounts, mapped: true),
        // One reader that waits for one write section to end (`read_seqbegin`).
        MetricRow(
            .readerSpins, .mountLock, "reader_spins", .counter, by: .functions,
            help: "Readers that waited for a write section to end, by kernel function.",
            manual: "Counter, by kernel function. Readers that found the sequence odd and spun until it was even.",
            losses: LossCause.ofCounts.union([.mapFull]), standIn: .spinShare, mapped: true),
        MetricRow(
            .spinIterations, .mountLock, "spin_iterations", .counter, by: .functions,
            help: "Iterations of the loops that such readers waited in.",
            manual: "Counter, by kernel function. Iterations of those loops.",
            losses: LossCause.ofCounts.union([.mapFull]), standIn: .spinShare),
        // From the first to the last iteration of an episode.
        MetricRow(
            .spinTime, .mountLock, "spin_time", .timedCounter, by: .functions,
            help: "CPU time that such readers spent waiting.",
            manual: """
                Time, by kernel function. From the first to the last iteration of each spin: one iteration too \
                short.
                """,
            losses: LossCause.ofCounts.union([.mapFull, .impossible]), standIn: .spinShare, mapped: true),
        MetricRow(
            .spinShare, .mountLock, "spin_share", .share, by: .functions,
            help: "Samples whose CPU was in a loop that waits for a write section to end.",
            manual: "Share of CPU time spent in those loops, by kernel function.",
            mapped: true),
        // PREEMPT_RT: readers that meet an odd sequence block on the spinlock instead of spinning, for this long.
        MetricRow(
            .readerWait, .mountLock, "reader_wait", .durations,
            help: "Time that a reader was blocked by a write section (PREEMPT_RT).",
            manual: "Duration. PREEMPT_RT only: how long a reader that found the sequence odd was blocked.",
            losses: LossCause.ofPairs),
    ]
}
