/// mountscope's own account.
extension MetricRow {
    static let mountscope: [MetricRow] = [
        // CPU time of its process, of the probes (hits, each at the price found at the start) and of the sampler.
        MetricRow(
            .ownCost, .mountscope, "own_cost", .machineTimedCounter, sites: ["process", "probes", "sampler"],
            help: "CPU time that mountscope takes.",
            manual: """
                CPU time: process (mountscope itself), probes (each run at the price found at the start), sampler \
                (each sample at its price).
                """),
        // 1 for each CPU that is online at the end of an interval, 0 for each that is offline. An idle CPU is online.
        MetricRow(
            .cpusOnline, .mountscope, "cpus_online", .level,
            help: "CPUs that are online.",
            manual: "1 for a CPU that is online at the end of the interval, 0 for one that is not."),
        MetricRow(
            .lostEvents, .mountscope, "lost_events", .machineCounter, sites: LossCause.allCases.map(\.rawValue),
            help:
                "Events that were not counted, samples that were not taken, and rows by actor without room, by cause.",
            manual: """
                Counter, by cause: recursion (a program was skipped because it was running on that CPU), \
                missed_kprobe (hit inside the handler of another probe), missed_sample (a sample was due and not \
                taken), unmatched (a start, an acquisition and an end did not follow one another), map_full (no \
                room for another task), scan_full, blame_full, name_full (the tables of scans, of blame and of names had \
                no room), impossible (a duration that was rejected).
                """),
    ]
}
