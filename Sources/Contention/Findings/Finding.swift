/// Something that a run shows to be wrong, with its evidence: what it costs now and what to change.
public struct Finding: Sendable, Equatable {
    public let kind: FindingKind
    /// Whom it is about: a container, a unit, a process, a namespace.
    public let subject: String
    /// One plain sentence with its number, without what to change.
    public let sentence: String
    /// What was found, in the unit of the rule.
    public let value: Double
    /// What it takes to be a finding.
    public let threshold: Double
    /// Nanoseconds of holding or waiting in the run that would go at most; nil where that is not known.
    public let cost: UInt64?

    public init(
        _ kind: FindingKind, subject: String, sentence: String, value: Double, threshold: Double, cost: UInt64?
    ) {
        self.kind = kind
        self.subject = subject
        self.sentence = sentence
        self.value = value
        self.threshold = threshold
        self.cost = cost
    }

    /// What to change.
    public var advice: String { kind.advice }
}

/// The kinds of findings. Their names stand in run.json and are headings of docs/findings.md.
public enum FindingKind: String, Sendable, CaseIterable {
    case blindRereader = "blind_rereader"
    case smallBuffer = "small_buffer"
    case pollerStampede = "poller_stampede"
    case longTable = "long_table"
    case leakingNamespace = "leaking_namespace"
    case mountChurn = "mount_churn"
    case oneWriter = "one_writer"
    case preemptedHolder = "preempted_holder"
    case throttledHolder = "throttled_holder"
    case hardenedService = "hardened_service"
    case serviceManager = "service_manager"
    case idmappedLayers = "idmapped_layers"
    case longUnshare = "long_unshare"
    case peerCopies = "peer_copies"
}
