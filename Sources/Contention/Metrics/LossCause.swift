/// Why an event was not counted.
public enum LossCause: String, Sendable, CaseIterable {
    /// A program was skipped because it was already running (`bpf_prog_info.recursion_misses`).
    case recursion
    /// A kprobe hit while another kprobe was being handled (`bpf_link_info.perf_event.kprobe.missed`).
    case missedKprobe = "missed_kprobe"
    /// A sample that was due by the clock and not taken: its CPU was not run by the host, was in another eBPF program,
    /// took the interrupt more than a period late, or was idle where that sends none. Nothing that is counted suffers;
    /// shares are of the samples taken.
    case missedSample = "missed_sample"
    /// An exit without its entry, or an entry whose exit never came.
    case unmatched
    /// The table of tasks in flight had no room.
    case mapFull = "map_full"
    /// A page of a mount table that is in no scan: the table of scans had no room.
    case scanFull = "scan_full"
    /// An event of a victim that is in no row of blame: their table had no room.
    case blameFull = "blame_full"
    /// A cgroup that has no name: the table of names had no room.
    case nameFull = "name_full"
    /// A duration that ran backwards, or longer than the histogram reaches: rejected. The last of all series: its row
    /// ends an interval of a recording (`RunTail`).
    case impossible

    /// What rows by actor do not tell, because a table had no room. Series have it.
    public static let ofActors: Set<LossCause> = [.scanFull, .blameFull, .nameFull]
    /// Nothing that is counted lacks any of these.
    public static let ofNoCount: Set<LossCause> = ofActors.union([.missedSample])
    /// What may be lost of events that a program counts.
    public static let ofCounts: Set<LossCause> = [.recursion, .missedKprobe]
    /// What may be lost of events that have a beginning and an end.
    public static let ofPairs: Set<LossCause> = [.recursion, .missedKprobe, .unmatched, .mapFull, .impossible]
}

extension SeriesKey {
    /// Whether it counts what was lost for one of these causes.
    public func isLoss(of causes: Set<LossCause>) -> Bool {
        metric == .lostEvents && LossCause(rawValue: site).map(causes.contains) == true
    }
}
