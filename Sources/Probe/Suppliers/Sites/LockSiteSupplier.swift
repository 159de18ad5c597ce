import CProbe
import Contention

/// Acquisitions, holds and waits of both locks, and readers that spin: by programs at the instructions that do it
/// (bpf/lock_sites.bpf.c), and around system calls whose bodies refuse them (bpf/refused_calls.bpf.c).
final class LockSiteSupplier: SeriesSupplier {
    private let kernel: KernelMap
    private let facilities: Facilities
    private let possibleCPUs: Int
    /// What could be had, then what is.
    private(set) var series: LockSiteSeries { didSet { offers = [:] } }
    /// Those that were asked for: each is worked out from the whole plan, and every snapshot asks.
    private var offers: [SeriesKey: Offer] = [:]
    private let wanted: LockSiteSeries
    private(set) var probes: LockSiteProbes?
    private var losses = ProgramLosses(nil)
    /// Those between attaching and the beginning: the trial of what a probe costs makes hundreds.
    private var acquiresBefore: UInt64 = 0
    private let actors: ActorTables?

    /// - Parameter actors: where the programs count by actor; nil where nobody asks for that.
    init(
        _ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int,
        actors: ActorTables? = nil
    ) {
        self.actors = actors
        self.kernel = kernel
        self.facilities = facilities
        self.possibleCPUs = possibleCPUs
        series = LockSiteSeries(kernel, facilities, choice: options.attach)
        wanted = series.sparing(kernel)
    }

    /// Programs that are attached already.
    init(_ series: LockSiteSeries, _ probes: LockSiteProbes, kernel: KernelMap, possibleCPUs: Int) {
        actors = nil
        self.kernel = kernel
        facilities = Facilities(kprobePMU: nil, kprobeRefusal: nil, tracingRefusal: nil)
        self.possibleCPUs = possibleCPUs
        self.series = series
        wanted = series
        self.probes = probes
        losses = Self.losses(probes)
    }

    var placeCount: Int { wanted.wanted.count }

    /// A kernel that refuses the programs costs their series, not the run.
    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws {
        series = wanted
        guard !wanted.wanted.isEmpty else { return }
        do {
            let probes = try attached(&progress)
            series = wanted.attached(probes.plan, probes.calls?.traced)
            losses = Self.losses(probes)
            self.probes = probes
        } catch let error as BPFObject.Refusal {
            series = wanted.refused("the kernel refused \(error.program): \(error.reason)")
        }
    }

    /// A kernel that refuses programs which ask whose event it was gets those that do not.
    private func attached(_ progress: inout AttachProgress) throws -> LockSiteProbes {
        func attach(_ actors: ActorTables?, _ progress: inout AttachProgress) throws -> LockSiteProbes {
            try LockSiteProbes(
                wanted.plan, kernel: kernel, facilities: facilities, possibleCPUs: possibleCPUs, actors: actors,
                progress: &progress)
        }
        do {
            return try attach(actors, &progress)
        } catch is BPFObject.Refusal where actors != nil {
            return try attach(nil, &progress)
        }
    }

    private static func losses(_ probes: LockSiteProbes) -> ProgramLosses {
        let sites = Set(probes.plan.attached.map(\.program.rawValue)).sorted()
        let calls = (probes.calls?.programs ?? []).map(\.rawValue)
        return ProgramLosses(
            ProgramLosses.Source(
                programs: sites + calls, kprobes: sites,
                recursionMisses: { name in
                    CallProgram(rawValue: name).map { probes.calls?.recursionMisses($0) }
                        ?? probes.object.recursionMisses(name)
                },
                missedKprobes: { probes.object.missedKprobes($0) }))
    }

    func foresee(beside earlier: EarlierSuppliers) { series = series.expected(kernel, facilities) }

    func sites(of metric: Metric) -> [String]? {
        if metric == .lockWait { return metric.sites.filter { $0 != Metric.either } }
        return metric.siteKind == .functions && LockSiteSeries.metrics.contains(metric)
            ? series.functions(of: metric) : nil
    }

    /// What no instruction shows is told by the sequence.
    func offer(_ key: SeriesKey) -> Offer? {
        LockSiteSeries.gives(key) && key.site != Metric.unwatched ? known(key) : nil
    }

    private func known(_ key: SeriesKey) -> Offer {
        if let offer = offers[key] { return offer }
        let offer = series.offer(key)
        offers[key] = offer
        return offer
    }

    func rows(_ key: SeriesKey) -> [AttachRow] { series.rows([key]) }

    var points: AttachedPoints {
        AttachedPoints(kprobes: probes?.plan.attached.count ?? 0, traced: probes?.calls?.pointCount ?? 0)
    }

    /// Everything seen at the instructions that begin a write section, in functions that are watched; nil where none is.
    /// Since the beginning.
    var writeAcquires: UInt64? { probes.map { $0.reader.writeAcquires - acquiresBefore } }

    func begin(_ prices: ProbePrices) throws {
        try probes?.refresh()
        acquiresBefore = probes?.reader.writeAcquires ?? 0
    }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        try probes?.refresh()
        losses.refresh()
    }

    func value(_ key: SeriesKey) -> ReadingValue {
        probes?.reader.value(key) ?? .unavailable(reason: "nothing measures it")
    }

    /// Of its programs, and of its lock: which of a lock's series lost an event is not known.
    func lost(_ key: SeriesKey) -> UInt64? { lost(key, known(key).programs) }

    func lost(_ key: SeriesKey, _ programs: [String]) -> UInt64 {
        losses.lost(programs) + LockSiteLosses.of(key.metric).reduce(0) { $0 + (probes?.reader.lost($1) ?? 0) }
    }

    func lost(_ cause: LossCause) -> LossCount {
        guard let reader = probes?.reader else { return .none }
        if cause == .recursion || cause == .missedKprobe { return losses.lost(cause) }
        let causes = LockSiteLosses.of(cause)
        return causes.isEmpty ? .none : .count(causes.reduce(0) { $0 + reader.lost($1) })
    }

    var programs: [AttachedProgram] {
        guard let probes else { return [] }
        let attached = Set(probes.plan.attached.map(\.program))
        let around = (probes.calls?.programs ?? []).map { program in
            AttachedProgram(
                name: program.rawValue, kind: .call, hits: probes.reader.hits(program), group: "calls")
        }
        return around
            + LockSite.Program.allCases.filter(attached.contains).map { program in
                AttachedProgram(
                    name: program.rawValue, kind: .kprobe, hits: probes.reader.hits(program), group: program.group)
            }
    }

    func detach(_ program: String) {
        if let call = CallProgram(rawValue: program) {
            probes?.calls?.detach(call)
        } else if LockSite.Program(rawValue: program) != nil {
            probes?.object.detach(program)
        }
    }

    func runTime(_ program: String) -> RunTime? { (probes?.object as? BPFObject)?.runTime(program) }

    func close() { probes?.close() }
}

/// What the programs on instructions may lose, by what suffers from it.
enum LockSiteLosses {
    /// Of a metric. Of programs on instructions it is known which lock lost an event, not which of its series.
    static func of(_ metric: Metric) -> [ms_site_loss] {
        switch metric {
        case .readerSpins, .spinIterations: [MS_SITE_SPINNERS_FULL]
        case .spinTime: [MS_SITE_SPINNERS_FULL, MS_SITE_SPIN_IMPOSSIBLE]
        case .readerWait: [MS_SITE_SPINNERS_FULL, MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE]
        case _ where metric.kind != .durations: []
        default:
            metric.subject == .mountLock
                ? [MS_SITE_LOCK_UNMATCHED, MS_SITE_LOCK_IMPOSSIBLE]
                : [MS_SITE_SEMAPHORE_UNMATCHED, MS_SITE_TURNS_FULL, MS_SITE_SEMAPHORE_IMPOSSIBLE]
        }
    }

    /// Of all metrics, for one cause; none for what programs do not count themselves.
    static func of(_ cause: LossCause) -> [ms_site_loss] {
        switch cause {
        case .unmatched: [MS_SITE_LOCK_UNMATCHED, MS_SITE_SEMAPHORE_UNMATCHED]
        case .mapFull: [MS_SITE_SPINNERS_FULL, MS_SITE_TURNS_FULL]
        case .impossible: [MS_SITE_LOCK_IMPOSSIBLE, MS_SITE_SEMAPHORE_IMPOSSIBLE, MS_SITE_SPIN_IMPOSSIBLE]
        default: []
        }
    }
}
