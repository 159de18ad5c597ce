import CProbe
import Contention

/// Waits by the contention tracepoints, where nothing better is had (bpf/contention.bpf.c).
final class TracepointSupplier: SeriesSupplier {
    private let kernel: KernelMap
    private let facilities: Facilities
    private let choice: AttachChoice
    private let possibleCPUs: Int
    /// nil until it is known what others give.
    private var plan: TracepointPlan?
    private var probes: TracepointProbes?
    private var losses = ProgramLosses(nil)

    init(_ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int) {
        self.kernel = kernel
        self.facilities = facilities
        choice = options.attach
        self.possibleCPUs = possibleCPUs
    }

    /// Programs that are attached already.
    init(_ plan: TracepointPlan, _ probes: TracepointProbes, kernel: KernelMap) {
        self.kernel = kernel
        facilities = Facilities(kprobePMU: nil, kprobeRefusal: nil, tracingRefusal: nil)
        choice = .auto
        possibleCPUs = 0
        self.plan = plan
        self.probes = probes
        losses = ProgramLosses(probes.object, programs: TracepointPlan.programs)
    }

    func foresee(beside earlier: EarlierSuppliers) {
        plan = TracepointPlan(kernel, facilities, choice: choice, exact: earlier.offer)
    }

    /// A kernel that refuses leaves these series as they are without.
    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws {
        foresee(beside: earlier)
        guard let plan, !plan.keys.isEmpty else { return }
        do {
            let probes = try TracepointProbes(plan, possibleCPUs: possibleCPUs)
            losses = ProgramLosses(probes.object, programs: TracepointPlan.programs)
            self.probes = probes
        } catch is BPFObject.Refusal {
            self.plan = plan.refused
        }
    }

    /// Waits for mount_lock are either told apart or not.
    func sites(of metric: Metric) -> [String]? {
        let either = SeriesKey(.lockWait, site: Metric.either)
        return metric == .lockWait && plan?.keys.contains(either) == true ? [either.site] : nil
    }

    func offer(_ key: SeriesKey) -> Offer? { plan?.offer(key) }

    func rows(_ key: SeriesKey) -> [AttachRow] { plan?.rows([key]) ?? [] }

    var points: AttachedPoints { AttachedPoints(tracepoints: probes == nil ? 0 : TracepointPlan.programs.count) }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        try probes?.refresh()
        losses.refresh()
    }

    func value(_ key: SeriesKey) -> ReadingValue { probes?.value(key) ?? .unavailable(reason: "nothing measures it") }

    /// Of waits it is known which lock they were for.
    func lost(_ key: SeriesKey) -> UInt64? {
        let own = TracepointLosses.of(key.metric.subject).reduce(0) { $0 + (probes?.lost($1) ?? 0) }
        return losses.lost(TracepointPlan.programs) + own
    }

    func lost(_ cause: LossCause) -> LossCount {
        guard let probes else { return .none }
        if cause == .recursion { return losses.lost(cause) }
        let causes = TracepointLosses.of(cause)
        return causes.isEmpty ? .none : .count(causes.reduce(0) { $0 + probes.lost($1) })
    }

    var programs: [AttachedProgram] {
        guard let probes else { return [] }
        return TracepointPlan.programs.map {
            AttachedProgram(name: $0, kind: .call, hits: probes.hits($0), group: "tracepoints")
        }
    }

    func detach(_ program: String) {
        if TracepointPlan.programs.contains(program) { probes?.object.detach(program) }
    }

    func close() { probes?.close() }
}

/// What the programs on tracepoints may lose.
enum TracepointLosses {
    static func of(_ subject: Subject) -> [ms_contention_loss] {
        subject == .mountLock
            ? [MS_CONTENTION_LOCK_FULL, MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_LOCK_IMPOSSIBLE]
            : [MS_CONTENTION_SEMAPHORE_FULL, MS_CONTENTION_SEMAPHORE_UNMATCHED, MS_CONTENTION_SEMAPHORE_IMPOSSIBLE]
    }

    static func of(_ cause: LossCause) -> [ms_contention_loss] {
        switch cause {
        case .unmatched: [MS_CONTENTION_LOCK_UNMATCHED, MS_CONTENTION_SEMAPHORE_UNMATCHED]
        case .mapFull: [MS_CONTENTION_LOCK_FULL, MS_CONTENTION_SEMAPHORE_FULL]
        case .impossible: [MS_CONTENTION_LOCK_IMPOSSIBLE, MS_CONTENTION_SEMAPHORE_IMPOSSIBLE]
        default: []
        }
    }
}
