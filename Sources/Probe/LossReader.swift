import CProbe
import Contention

/// Which events were lost, as far as this kernel says.
struct LossReader {
    /// By program; without those of which the kernel does not count them.
    private let recursion: [String: UInt64]
    private let missedKprobes: [String: UInt64]
    private let hasPrograms: Bool
    private let hasKprobes: Bool
    private let countsMountTables: Bool
    private let reader: CounterReader
    private let sites: LockSiteReader?
    /// Waits that tracepoints lost; nil where there are none.
    private let lostWaits: UInt64?
    /// Samples that were due and not taken; nil where there is no sampler.
    private let missedSamples: UInt64?

    init(
        plan: AttachPlan, programs: BPFObject?, reader: CounterReader, sites: LockSiteProbes?,
        tracepoints: TracepointProbes? = nil, missedSamples: UInt64? = nil
    ) {
        let attachments = plan.attachments
        let kprobes = attachments.filter { !$0.kprobeAddresses.isEmpty }.map(\.program)
        let onSites = Set(sites?.plan.attached.map(\.program.rawValue) ?? [])
        var recursion: [String: UInt64] = [:]
        var missedKprobes: [String: UInt64] = [:]
        for program in Set(attachments.map(\.program)) { recursion[program] = programs?.recursionMisses(program) }
        for program in onSites { recursion[program] = sites?.object.recursionMisses(program) }
        for program in sites?.calls?.programs ?? [] {
            recursion[program.rawValue] = sites?.calls?.recursionMisses(program)
        }
        for program in TracepointPlan.programs { recursion[program] = tracepoints?.object.recursionMisses(program) }
        for program in kprobes { missedKprobes[program] = programs?.missedKprobes(program) }
        for program in onSites { missedKprobes[program] = sites?.object.missedKprobes(program) }
        self.recursion = recursion
        self.missedKprobes = missedKprobes
        hasPrograms = !attachments.isEmpty || sites != nil || tracepoints != nil
        hasKprobes = !kprobes.isEmpty || sites != nil
        countsMountTables = kprobes.contains("m_start")
        self.reader = reader
        self.sites = sites?.reader
        lostWaits = tracepoints?.lost
        self.missedSamples = missedSamples
    }

    /// Known losses of a series: of its programs, and of its mount table.
    func lost(_ key: SeriesKey, _ programs: [String]) -> UInt64? {
        var lost: UInt64 = 0
        for program in programs { lost += (recursion[program] ?? 0) + (missedKprobes[program] ?? 0) }
        if let lostWaits, programs == TracepointPlan.programs {
            lost += lostWaits
        } else if LockSiteSeries.gives(key) {
            lost += siteLosses(key)
        } else if key.metric.subject == .namespaceSem, let table = key.metric.sites.firstIndex(of: key.site) {
            lost += reader.unmatched(table) + reader.mapFull(table)
        }
        return lost
    }

    /// Of programs on instructions it is known which lock lost an event, not which of its series.
    private func siteLosses(_ key: SeriesKey) -> UInt64 {
        guard let sites, key.metric.kind == .durations || key.metric.siteKind == .functions else { return 0 }
        switch key.metric {
        case .readerSpins, .spinIterations, .spinTime: return sites.lost(MS_SITE_SPINNERS_FULL)
        case .writeAcquires, .exclusiveAcquires: return 0
        default:
            return key.metric.subject == .mountLock
                ? sites.lost(MS_SITE_LOCK_UNMATCHED)
                : sites.lost(MS_SITE_SEMAPHORE_UNMATCHED) + sites.lost(MS_SITE_TURNS_FULL)
        }
    }

    /// The series of one cause.
    func reading(_ key: SeriesKey) -> SeriesReading {
        let cause = LossCause(rawValue: key.site)
        let outcome: ReadingValue =
            switch cause {
            case .recursion:
                total(recursion, hasPrograms, "no program is attached", "kernels before 5.12 do not count them")
            case .missedKprobe:
                total(missedKprobes, hasKprobes, "no kprobe is attached", "kernels before 6.7 do not count them")
            case .missedSample:
                missedSamples.map { .total($0) } ?? .unavailable(reason: "nothing is sampled")
            case .unmatched:
                tables(
                    reader.unmatched, MS_TABLES.rawValue + 1, [MS_SITE_LOCK_UNMATCHED, MS_SITE_SEMAPHORE_UNMATCHED])
            case .mapFull: tables(reader.mapFull, MS_TABLES.rawValue, [MS_SITE_SPINNERS_FULL, MS_SITE_TURNS_FULL])
            case .impossible:
                sites.map { .total($0.lost(MS_SITE_IMPOSSIBLE)) }
                    ?? .unavailable(reason: "nothing is timed at its instructions")
            case nil: .unavailable(reason: "no such cause")
            }
        if case .unavailable = outcome {
            return SeriesReading(key: key, mode: .unavailable, value: outcome, lost: nil)
        }
        // Of samples a few less than were missed are known of: those whose interrupt may have been under way.
        return SeriesReading(key: key, mode: cause == .missedSample ? .estimated : .exact, value: outcome, lost: 0)
    }

    private func total(_ counts: [String: UInt64], _ attached: Bool, _ none: String, _ uncounted: String)
        -> ReadingValue
    {
        guard attached else { return .unavailable(reason: none) }
        return counts.isEmpty ? .unavailable(reason: uncounted) : .total(counts.values.reduce(0, +))
    }

    private func tables(_ count: (Int) -> UInt64, _ tables: UInt32, _ losses: [ms_site_loss]) -> ReadingValue {
        guard countsMountTables || sites != nil else { return .unavailable(reason: "nothing is timed") }
        let ofSites = losses.reduce(0) { $0 + (sites?.lost($1) ?? 0) }
        return .total((0..<Int(tables)).reduce(ofSites) { $0 + count($1) })
    }
}
