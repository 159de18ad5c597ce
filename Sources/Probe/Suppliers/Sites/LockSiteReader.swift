import CProbe
import Contention

/// Copies what the programs on instructions have counted, and makes readings of it.
struct LockSiteReader {
    private let object: any LoadedObject
    private let plan: LockSitePlan
    private let possibleCPUs: Int
    private var counts: CountTable
    /// By `ms_site_histogram`, then by CPU.
    private var histograms: [[Histogram]]
    private var buffer: [ms_histogram]

    init(object: any LoadedObject, plan: LockSitePlan, possibleCPUs: Int) {
        self.object = object
        self.plan = plan
        self.possibleCPUs = possibleCPUs
        counts = CountTable(cpus: possibleCPUs)
        buffer = Array(repeating: ms_histogram(), count: possibleCPUs)
        let none = Array(repeating: Histogram.empty, count: possibleCPUs)
        histograms = Array(repeating: none, count: Int(MS_SITE_HISTOGRAMS.rawValue))
    }

    /// Copies everything as it is now; histograms that have not grown are not asked for.
    mutating func refresh() throws(ProbeError) {
        let before = counts
        var error = counts.read(object)
        for key in histograms.indices where error == 0 {
            let recorded = CountTable.recorded + key
            let grew = (0..<possibleCPUs).contains { counts[$0, recorded] != before[$0, recorded] }
            guard grew else { continue }
            error = buffer.withUnsafeMutableBytes { object.readElement("site_histograms", key: UInt32(key), into: $0) }
            for cpu in 0..<possibleCPUs where buffer[cpu].count != histograms[key][cpu].count {
                histograms[key][cpu] = Histogram(buffer[cpu])
            }
        }
        guard error == 0 else { throw ProbeError(.failed, "cannot read the eBPF maps: \(errnoText(error))") }
    }

    /// A series of these programs; nil where they have no such series.
    func value(_ key: SeriesKey) -> ReadingValue? {
        if key.metric.siteKind == .functions {
            guard let slot = plan.slot(key) else { return nil }
            if key.metric == .spinTime { return .timedCounts(spinTimes(key.site)) }
            return .counts((0..<possibleCPUs).map { counts[$0, slot] })
        }
        return LockSiteReader.histogram(key).map { .histograms(histograms[$0]) }
    }

    /// The histogram that a series is kept in; nil where it is none of these programs'.
    static func histogram(_ key: SeriesKey) -> Int? {
        func index(_ first: ms_site_histogram, _ sites: [String]) -> Int? {
            sites.firstIndex(of: key.site).map { Int(first.rawValue) + $0 }
        }
        let readers = ["statmount", "listmount", "notify", "other"]
        switch key.metric {
        case .lockWait: return index(MS_SITE_WRITE_WAIT, ["write", "exclusive"])
        case .writeHold: return Int(MS_SITE_WRITE_HOLD.rawValue)
        case .exclusiveHold: return Int(MS_SITE_EXCLUSIVE_HOLD.rawValue)
        case .readerWait: return Int(MS_SITE_READER_WAIT.rawValue)
        case .writeWait: return index(MS_SITE_SEM_WRITE_WAIT, key.metric.sites)
        case .semaphoreWriteHold: return index(MS_SITE_SEM_WRITE_HOLD, key.metric.sites)
        case .readWait: return index(MS_SITE_SEM_READ_WAIT, readers)
        case .readHold: return index(MS_SITE_SEM_READ_HOLD, readers)
        default: return nil
        }
    }

    private func spinTimes(_ function: String) -> [TimedCount] {
        guard let first = plan.slot(.readerPaused, function) else { return [] }
        return (0..<possibleCPUs).map { cpu in
            TimedCount(
                count: counts[cpu, first + Int(MS_SPIN_EPISODES.rawValue)],
                nanoseconds: counts[cpu, first + Int(MS_SPIN_TIME.rawValue)])
        }
    }

    /// Events of one kind that were not measured.
    func lost(_ loss: ms_site_loss) -> UInt64 { sum(CountTable.lost + Int(loss.rawValue)) }

    /// Hits of a program.
    func hits(_ program: LockSite.Program) -> UInt64 {
        LockSite.Program.allCases.firstIndex(of: program).map { sum(CountTable.hits + $0) } ?? 0
    }

    /// Hits of a program around calls.
    func hits(_ program: CallProgram) -> UInt64 {
        CallProgram.allCases.firstIndex(of: program).map { sum(CountTable.callHits + $0) } ?? 0
    }

    /// Everything seen at the instructions that begin a write section.
    var writeAcquires: UInt64 {
        plan.functions(of: .writeAcquires).compactMap { plan.slot(.writeAcquired, $0) }.reduce(0) { $0 + sum($1) }
    }

    private func sum(_ index: Int) -> UInt64 { (0..<possibleCPUs).reduce(0) { $0 + counts[$1, index] } }
}

/// `ms_site_counts` of every CPU, word by word: its arrays are too long for Swift's tuples.
private struct CountTable {
    private static let wordsPerCPU = MemoryLayout<ms_site_counts>.stride / 8
    static let recorded = Int(MS_SITE_SLOTS)
    static let lost = recorded + Int(MS_SITE_HISTOGRAM_ROOM)
    static let hits = lost + Int(MS_SITE_LOSSES.rawValue)
    static let callHits = hits + Int(MS_SITE_PROGRAMS.rawValue)

    private var words: [UInt64]

    init(cpus: Int) { words = Array(repeating: 0, count: cpus * CountTable.wordsPerCPU) }

    /// - Parameter index: of a slot; from `recorded` on of a histogram; from `lost` on of a kind of loss;
    ///   from `hits` on of a program, from `callHits` on of one around calls.
    subscript(cpu: Int, index: Int) -> UInt64 { words[cpu * CountTable.wordsPerCPU + index] }

    mutating func read(_ object: any LoadedObject) -> Int32 {
        words.withUnsafeMutableBytes { object.readElement("site_counts", key: 0, into: $0) }
    }
}
