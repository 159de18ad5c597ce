import Contention

/// What is counted at the instructions that begin write sections, held against the sequence.
///
/// Both count from one moment. The sequence is read before the counts and after them: as of the counts it is between the two.
struct SectionCoverage {
    /// Sections that no instruction has shown, as far as they are certain: the least that the readings so far allow.
    private(set) var unwatched: UInt64 = 0
    /// Acquisitions, of the sections there were when they were read.
    private(set) var share = Share(part: 0, whole: 0)
    /// Why both cannot be true; nil where they can.
    private(set) var contradiction: String?

    /// - Parameters:
    ///   - acquires: since the beginning.
    ///   - sections: that have ended since, at least and at most.
    mutating func add(acquires: UInt64, sections: ClosedRange<UInt64>) {
        // One section may be under way.
        if acquires > sections.upperBound + 1 {
            contradiction =
                "a contradiction: \(acquires) acquisitions were counted, and the sequence tells of "
                + "\(sections.upperBound) sections"
        }
        if sections.lowerBound > acquires { unwatched = max(unwatched, sections.lowerBound - acquires) }
        let whole = min(max(acquires + unwatched, sections.lowerBound), sections.upperBound)
        share = Share(part: acquires, whole: max(acquires, whole))
    }
}
