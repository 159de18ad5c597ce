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
    private let tracepoints: TracepointProbes?
    private let countsPaths: Bool
    /// Samples that were due and not taken; nil where there is no sampler.
    private let missedSamples: UInt64?

    init(
        plan: AttachPlan, programs: (any LoadedObject)?, reader: CounterReader, sites: LockSiteProbes?,
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
        self.tracepoints = tracepoints
        countsPaths = attachments.contains { $0.program == "prepend_path_enter" }
        self.missedSamples = missedSamples
    }

    /// Known losses of a series: of its programs, and of its lock or its mount table. A bound where several series share what
    /// was lost.
    func lost(_ key: SeriesKey, _ programs: [String]) -> UInt64? {
        var lost: UInt64 = 0
        for program in programs { lost += (recursion[program] ?? 0) + (missedKprobes[program] ?? 0) }
        if let tracepoints, programs == TracepointPlan.programs {
            lost += traced(key, tracepoints)
        } else if LockSiteSeries.gives(key) {
            lost += siteLosses(key)
        } else if !Self.tellingCallers.isDisjoint(with: programs) {
            lost += reader.stacksMissing
        } else if programs.contains("prepend_path_enter") {
            lost += reader.pathsFull
        } else if key.metric.subject == .namespaceSem, let table = key.metric.sites.firstIndex(of: key.site) {
            lost += reader.unmatched(table) + reader.mapFull(table) + reader.impossible(table)
        }
        return lost
    }

    /// The programs that tell a retry's site by its callers.
    private static let tellingCallers: Set<String> = ["legitimize_mnt", "legitimize_mnt_fails", "handle_dots"]

    /// Of waits seen by tracepoints it is known which lock they were for.
    private func traced(_ key: SeriesKey, _ tracepoints: TracepointProbes) -> UInt64 {
        let losses =
            key.metric.subject == .mountLock
            ? [MS_CONTENTION_LOCK_FULL, MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_LOCK_IMPOSSIBLE]
            : [
                MS_CONTENTION_SEMAPHORE_FULL, MS_CONTENTION_SEMAPHORE_UNMATCHED, MS_CONTENTION_SEMAPHORE_IMPOSSIBLE,
            ]
        return losses.reduce(0) { $0 + tracepoints.lost($1) }
    }

    /// Of programs on instructions it is known which lock lost an event, not which of its series.
    private func siteLosses(_ key: SeriesKey) -> UInt64 {
        guard let sites, key.metric.kind == .durations || key.metric.siteKind == .functions else { return 0 }
        func lost(_ causes: ms_site_loss...) -> UInt64 { causes.reduce(0) { $0 + sites.lost($1) } }
        return switch key.metric {
        case .readerSpins, .spinIterations: lost(MS_SITE_SPINNERS_FULL)
        case .spinTime: lost(MS_SITE_SPINNERS_FULL, MS_SITE_SPIN_IMPOSSIBLE)
        case .readerWait: lost(MS_SITE_SPINNERS_FULL, MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE)
        case .writeAcquires, .exclusiveAcquires: 0
        default:
            key.metric.subject == .mountLock
                ? lost(MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE)
                : lost(MS_SITE_SEMAPHORE_UNMATCHED, MS_SITE_TURNS_FULL, MS_SITE_SEMAPHORE_IMPOSSIBLE)
        }
    }

    /// The series of one cause.
    func reading(_ key: SeriesKey) -> SeriesReading {
        let cause = LossCause(rawValue: key.site)
        let tables = 0..<Int(MS_TABLES.rawValue)
        let outcome: ReadingValue =
            switch cause {
            case .recursion:
                total(recursion, hasPrograms, "no program is attached", "kernels before 5.12 do not count them")
            case .missedKprobe:
                total(missedKprobes, hasKprobes, "no kprobe is attached", "kernels before 6.7 do not count them")
            case .missedSample:
                missedSamples.map { .total($0) } ?? .unavailable(reason: "nothing is sampled")
            case .unmatched:
                timed(
                    (0...tables.upperBound).map(reader.unmatched) + [reader.stacksMissing],
                    [MS_SITE_LOCK_UNMATCHED, MS_SITE_SEMAPHORE_UNMATCHED],
                    [MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_SEMAPHORE_UNMATCHED])
            case .mapFull:
                timed(
                    tables.map(reader.mapFull) + [reader.pathsFull],
                    [MS_SITE_SPINNERS_FULL, MS_SITE_TURNS_FULL],
                    [MS_CONTENTION_LOCK_FULL, MS_CONTENTION_SEMAPHORE_FULL])
            case .impossible:
                timed(
                    tables.map(reader.impossible),
                    [MS_SITE_LOCK_IMPOSSIBLE, MS_SITE_SEMAPHORE_IMPOSSIBLE, MS_SITE_SPIN_IMPOSSIBLE],
                    [MS_CONTENTION_LOCK_IMPOSSIBLE, MS_CONTENTION_SEMAPHORE_IMPOSSIBLE])
            case nil: .unavailable(reason: "no such cause")
            }
        if case .unavailable = outcome {
            return SeriesReading(key: key, mode: .unavailable, value: outcome, lost: nil)
        }
        // An interrupt may be under way while the samples are counted: some misses are not known yet.
        return SeriesReading(key: key, mode: cause == .missedSample ? .estimated : .exact, value: outcome, lost: 0)
    }

    private func total(_ counts: [String: UInt64], _ attached: Bool, _ none: String, _ uncounted: String)
        -> ReadingValue
    {
        guard attached else { return .unavailable(reason: none) }
        return counts.isEmpty ? .unavailable(reason: uncounted) : .total(counts.values.reduce(0, +))
    }

    /// What pages of the mount tables, programs on instructions and tracepoints lost of one cause.
    private func timed(_ pages: [UInt64], _ ofSites: [ms_site_loss], _ ofWaits: [ms_contention_loss]) -> ReadingValue {
        guard countsMountTables || sites != nil || tracepoints != nil || countsPaths else {
            return .unavailable(reason: "nothing is timed")
        }
        let lostAtSites = ofSites.reduce(0) { $0 + (sites?.lost($1) ?? 0) }
        let lostWaits = ofWaits.reduce(0) { $0 + (tracepoints?.lost($1) ?? 0) }
        return .total(pages.reduce(lostAtSites + lostWaits, +))
    }
}
