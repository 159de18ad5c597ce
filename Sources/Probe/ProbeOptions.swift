import Contention

/// How to probe.
public struct ProbeOptions {
    /// Facilities to do without, as if the kernel refused them: to try the fallbacks.
    public var withholding: Set<Facility> = []
    /// Which probes to attach.
    public var attach = AttachChoice.auto
    /// How often to look at the locks.
    public var sampling = SampleRate.standard
    /// What the probes may cost; nil: whatever they cost.
    public var budget: ProbeBudget? = .standard
    /// Whether events are counted by actor too.
    public var actors = ActorOptions()
    /// Told of every probe, and may end the attaching.
    public var observer: (any AttachObserver)?

    public init() {}

    /// What a run says of them.
    /// - Parameter cpus: online ones.
    public func conditions(cpus: Int) -> ProbingConditions {
        ProbingConditions(attach: attach.rawValue, budget: budget?.share, hertz: sampling.hertz(attach, cpus: cpus))
    }
}
