/// A recorded series at one moment: the machine's and each CPU's, added up apart, because a recording has no buckets of
/// single CPUs.
public struct RecordedSums: Sendable, Equatable {
    /// Since the beginning.
    public var all: Delta
    /// Since the beginning, by CPU number; may be fewer than the machine has.
    public var byCPU: [Delta?]
    /// Counts the recorded intervals.
    public var step: Int
    /// The longest duration of the latest interval, nanoseconds, as it was recorded.
    public var longest: UInt64?

    public init(all: Delta, byCPU: [Delta?], step: Int, longest: UInt64?) {
        self.all = all
        self.byCPU = byCPU
        self.step = step
        self.longest = longest
    }

    /// What the machine gained; nil when it went back.
    func since(_ earlier: RecordedSums) -> Delta? {
        let gained = all.since(earlier.all)
        guard step == earlier.step + 1, let longest, case .durations(let histogram) = gained, histogram.count > 0 else {
            return gained
        }
        // Exactly as recorded: the difference of sums only bounds it.
        return .durations(
            Histogram(count: histogram.count, sum: histogram.sum, maximum: longest, buckets: histogram.buckets))
    }

    /// What each CPU gained; one without an earlier value has counted nothing before.
    func cpusSince(_ earlier: RecordedSums) -> [Delta?] {
        byCPU.enumerated().map { cpu, now in
            guard let now else { return nil }
            return (cpu < earlier.byCPU.count ? earlier.byCPU[cpu] : now.nothing).flatMap(now.since)
        }
    }
}
