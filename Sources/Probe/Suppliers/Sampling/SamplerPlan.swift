import CProbe
import Contention

/// What samples tell on this kernel, and why not the rest.
struct SamplerPlan {
    let targets: SamplerTargets
    /// Times a second on each CPU; nil where none are wanted.
    private(set) var hertz: Int?
    /// Why there are no samples; nil where there are.
    private(set) var refusal: Finding?
    /// Samples are off, but may begin at this rate when probes have to be taken off; nil where they may not.
    private var standby: Int?
    /// Series that lack something, and what.
    private let missing: [Metric: Finding]
    /// Probes stand in the loops that `spin_share` is about.
    private var areLoopsProbed = false

    static let program = "take_sample"

    /// The metrics that samples are the only source of.
    static let metrics: [Metric] = [
        .writeDuty, .lockDuty, .lockQueue, .spinShare, .semaphoreReadDuty, .semaphoreWriteDuty,
    ]

    static func gives(_ key: SeriesKey) -> Bool { metrics.contains(key.metric) }

    /// - Parameter cpus: online ones.
    init(_ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, cpus: Int) {
        targets = SamplerTargets(kernel)
        hertz = options.sampling.hertz(options.attach, cpus: cpus)
        refusal = facilities.samplingRefusal ?? (hertz == nil ? Self.notWanted(options) : nil)
        let maySample = hertz == nil && facilities.samplingRefusal == nil && options.sampling != .off
        standby = maySample ? SampleRate.standardHertz(cpus: cpus) : nil
        missing = Self.missing(kernel, targets)
    }

    /// The same plan, while probes stand in the loops, or no more.
    func probingLoops(_ areProbed: Bool) -> SamplerPlan {
        var plan = self
        plan.areLoopsProbed = areProbed
        return plan
    }

    /// The same plan, of a program or a timer that the kernel refused.
    func refused(_ reason: String) -> SamplerPlan {
        var plan = self
        plan.refusal = .missing(reason: reason)
        plan.standby = nil
        return plan
    }

    /// The plan of samples that begin now; nil where they are on already, or not to be had or not wanted.
    var awakened: SamplerPlan? {
        guard let standby else { return nil }
        var plan = self
        (plan.hertz, plan.refusal, plan.standby) = (standby, nil, nil)
        return plan
    }

    private static func notWanted(_ options: ProbeOptions) -> Finding {
        .missing(
            reason: options.sampling == .off
                ? "not sampled: --sample-hz off" : "not sampled: --attach \(options.attach.rawValue)",
            hint: "--sample-hz 99 samples")
    }

    private static func missing(_ kernel: KernelMap, _ targets: SamplerTargets) -> [Metric: Finding] {
        var missing: [Metric: Finding] = [:]
        if kernel.isRealtime {
            missing[.spinShare] = .missing(
                reason: "readers of this kernel (PREEMPT_RT) block instead of spinning: see reader_wait")
        } else if case .failure(let error) = kernel.sites {
            missing[.spinShare] = .missing(reason: error.message, hint: error.hint)
        } else if targets.functions.isEmpty {
            missing[.spinShare] = .missing(reason: "no loop that waits for mount_lock is known in this kernel's text")
        }
        if !targets.knowsSpinlock {
            let why = Finding.missing(reason: "BTF does not say where an rtmutex keeps its owner")
            missing[.lockDuty] = why
            missing[.lockQueue] = why
        }
        if kernel.namespaceSem.address == nil {
            missing[.semaphoreReadDuty] = kernel.namespaceSem
            missing[.semaphoreWriteDuty] = kernel.namespaceSem
        }
        return missing
    }

    /// The functions that a metric is split by; one without a name where they are not known.
    func functions(of metric: Metric) -> [String] {
        metric == .spinShare && !targets.functions.isEmpty ? targets.functions : [""]
    }

    func offer(_ key: SeriesKey) -> Offer {
        if let why = refusal ?? missing[key.metric] {
            return Offer(mode: .unavailable, programs: [], reason: why.reason)
        }
        let isBound = key.metric == .spinShare && areLoopsProbed
        return Offer(
            mode: isBound ? .estimated : .sampled, programs: [Self.program], reason: "", note: note(key))
    }

    private func note(_ key: SeriesKey) -> String {
        switch key.metric {
        case .lockQueue:
            "where a hypervisor has the spinlocks without a queue, a lower bound: waiters are found when they are sampled"
        case .spinShare where areLoopsProbed:
            "a lower bound: the probes of reader_spins stand in these loops, and a sample that finds a CPU in a probe's handler "
                + "does not count as spinning; spin_time is timed"
        default: ""
        }
    }

    /// The series' rows of the attach table.
    func rows(_ keys: [SeriesKey]) -> [AttachRow] {
        keys.filter(Self.gives).map { key in
            let offer = offer(key)
            let isSampled = offer.mode != .unavailable
            return AttachRow(
                key: key, mode: offer.mode, program: "perf_event",
                function: isSampled ? "\(hertz ?? 0) Hz on each CPU" : "", address: address(key.metric),
                required: false, reason: isSampled ? offer.note : offer.reason,
                hint: isSampled ? "" : (refusal ?? missing[key.metric])?.hint ?? "")
        }
    }

    /// Of the word that is looked at.
    private func address(_ metric: Metric) -> UInt64? {
        let address =
            switch metric {
            case .writeDuty, .spinShare: targets.configuration.sequence
            case .lockDuty, .lockQueue: targets.configuration.spinlock
            default: targets.configuration.semaphore
            }
        return address == 0 ? nil : address
    }
}
