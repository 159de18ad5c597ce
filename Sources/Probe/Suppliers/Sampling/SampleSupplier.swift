import CProbe
import Contention

/// Shares of time, by a timer on each CPU (bpf/timer_sampler.bpf.c).
final class SampleSupplier: SeriesSupplier {
    private(set) var plan: SamplerPlan
    private var sampler: Sampler?
    private let possibleCPUs: Int

    init(_ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int) {
        plan = SamplerPlan(kernel, facilities, options, cpus: OnlineCPUs.count(possible: possibleCPUs))
        self.possibleCPUs = possibleCPUs
    }

    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws {
        plan = plan.probingLoops(earlier.programs.contains(LockSite.Program.readerPaused.rawValue))
        try start()
    }

    /// A kernel that refuses costs the samples, not the run.
    private func start() throws {
        guard plan.refusal == nil, let hertz = plan.hertz else { return }
        do {
            sampler = try Sampler(plan, hertz: hertz, online: OnlineCPUs.levels(possible: possibleCPUs))
        } catch let error as BPFObject.Refusal {
            plan = plan.refused("the kernel refused the sampler: \(error.reason)")
        }
    }

    func sites(of metric: Metric) -> [String]? {
        metric == .spinShare ? plan.functions(of: metric) : nil
    }

    func offer(_ key: SeriesKey) -> Offer? { SamplerPlan.gives(key) ? plan.offer(key) : nil }

    func rows(_ key: SeriesKey) -> [AttachRow] { plan.rows([key]) }

    var points: AttachedPoints { AttachedPoints(hertz: sampler?.hertz) }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) { try sampler?.refresh(moment.online) }

    func value(_ key: SeriesKey) -> ReadingValue { sampler?.value(key) ?? .unavailable(reason: "nothing measures it") }

    /// A sample that was not taken says nothing of either outcome, and is no lost event of a share.
    func lost(_ key: SeriesKey) -> UInt64? { nil }

    func lost(_ cause: LossCause) -> LossCount {
        cause == .missedSample ? sampler.map { .count($0.missed) } ?? .none : .none
    }

    var programs: [AttachedProgram] {
        sampler.map {
            [AttachedProgram(name: SamplerPlan.program, kind: .timer(price: $0.price), hits: $0.taken)]
        } ?? []
    }

    func follow(_ online: [UInt64]) {
        do throws(BPFObject.Refusal) { try sampler?.follow(online) } catch {
            // It takes no part; the other CPUs' samples are as good as before.
        }
    }

    /// Begins to sample where nobody does: something has to go on.
    func compensate(for programs: [String]) throws {
        if programs.contains(LockSite.Program.readerPaused.rawValue) { plan = plan.probingLoops(false) }
        guard let awakened = plan.awakened else { return }
        plan = awakened
        try start()
    }

    func close() { sampler?.close() }
}
