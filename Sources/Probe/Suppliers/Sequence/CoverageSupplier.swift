import Contention

/// What the instructions show of the write sections that the sequence tells of, and what they do not.
final class CoverageSupplier: SeriesSupplier {
    private let sequence: SequenceSupplier
    private let sites: LockSiteSupplier
    /// Write sections that no instruction has shown. Never goes back: the counts are read after the sequence, and so may
    /// know of later sections.
    private var unwatched: UInt64 = 0
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
    func refresh(_ moment: ReadingMoment) {
        unwatched = max(unwatched, sequence.sections - min(sites.writeAcquires ?? 0, sequence.sections))
    }

    /// The sequence was read before the counts: a section that began between the two is not one too many.
    func value(_ key: SeriesKey) -> ReadingValue {
        if let gap = sequence.lastingGap { return .unavailable(reason: gap) }
        guard key == SeriesKey(.writeCoverage) else { return .total(unwatched) }
        let seen = min(sites.writeAcquires ?? 0, sequence.sections)
        return .totalShare(Share(part: seen, whole: sequence.sections))
    }

    func lost(_ key: SeriesKey) -> UInt64? { key == Self.unwatched ? sites.lost(key) : 0 }

    func compensate(for programs: [String]) {
        isBlind = isBlind || programs.contains(LockSite.Program.writeAcquired.rawValue)
    }
}
