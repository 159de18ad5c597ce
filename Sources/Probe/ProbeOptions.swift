/// How to probe.
public struct ProbeOptions: Sendable {
    /// Facilities to do without, as if the kernel refused them: to try the fallbacks.
    public var withholding: Set<Facility> = []

    public init() {}
}
