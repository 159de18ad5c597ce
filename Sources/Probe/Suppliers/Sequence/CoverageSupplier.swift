import Contention

/// What the instructions show of the write sections that the sequence tells of, and what they do not.
final class CoverageSupplier: SeriesSupplier {
    private let sequence: SequenceSupplier
    private let sites: LockSiteSupplier
    private var coverage = SectionCoverage()
    /// The programs at the instructions were taken off.
    private var isBlind = false

    private static let blind = "write sections are not seen at their instructions"
    private static let unwatched = SeriesKey(.writeAcquires, site: Metric.unwatched)

    init(_ sequence: SequenceSupplier, _ sites: LockSiteSupplier) {
        self.sequence = sequence
        self.sites = sites
    }

    func offer(_ key: SeriesKey) -> Offer? {
        switch key {
        case Self.unwatched: sites.series.offer(key)
        case SeriesKey(.writeCoverage): sites.probes == nil || isBlind ? .unavailable(Self.blind) : .read()
        default: nil
        }
    }

    func rows(_ key: SeriesKey) -> [AttachRow] { key == Self.unwatched ? sites.series.rows([key]) : [] }

    /// After the sequence and the sites.
    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        guard let acquires = sites.writeAcquires else { return }
        coverage.add(
            acquires: acquires, sections: sequence.sections...max(sequence.sections, try sequence.sectionsNow()))
    }

    func value(_ key: SeriesKey) -> ReadingValue {
        if let gap = sequence.lastingGap ?? coverage.contradiction { return .unavailable(reason: gap) }
        return key == SeriesKey(.writeCoverage) ? .totalShare(coverage.share) : .total(coverage.unwatched)
    }

    func lost(_ key: SeriesKey) -> UInt64? { key == Self.unwatched ? sites.lost(key) : 0 }

    func compensate(for programs: [String]) {
        isBlind = isBlind || programs.contains(LockSite.Program.writeAcquired.rawValue)
    }
}
