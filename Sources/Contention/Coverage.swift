/// How many of the write sections that the sequence tells of were seen at the instructions that begin them.
///
/// Below 1 a function is not watched: it refuses probes, or the site map does not know it.
public struct Coverage: Sendable, Equatable {
    public let acquires: UInt64
    public let sections: UInt64

    /// - Returns: nil where either is not known.
    public init?(_ interval: Interval) {
        guard let sections = interval[SeriesKey(.writeSections)]?.all?.count else { return nil }
        let seen = interval.series.filter { $0.key.metric == .writeAcquires }.compactMap { $0.all?.count }
        guard !seen.isEmpty else { return nil }
        self.acquires = seen.reduce(0, +)
        self.sections = sections
    }

    /// Acquires over sections; nil without a section. A section under way at either end makes it differ from 1 by one.
    public var share: Double? { sections > 0 ? Double(acquires) / Double(sections) : nil }
}
