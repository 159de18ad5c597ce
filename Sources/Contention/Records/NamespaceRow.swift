/// A mount namespace: its state, and what happened to it. All but `events` is as it was found, no difference.
public struct NamespaceRow: RecordRow {
    public private(set) var key: MountNamespace
    public var mounts: UInt64?
    /// Mounts of its largest peer group.
    public var peers: UInt64?
    /// Processes in it.
    public var processes: UInt64?
    /// The name people give to what lives in it; nil where none is recognised.
    public var container: String?
    /// Changes of its mounts (`mnt_namespace.event`).
    public var events: UInt64?
    /// CLOCK_MONOTONIC of the look that found its state, nanoseconds: a row that was looked at again is told again, also where
    /// nothing changed. nil in a recorded run.
    public var looked: UInt64?

    public init(
        _ key: MountNamespace, mounts: UInt64? = nil, peers: UInt64? = nil, processes: UInt64? = nil,
        container: String? = nil, events: UInt64? = nil
    ) {
        self.key = key
        self.mounts = mounts
        self.peers = peers
        self.processes = processes
        self.container = container
        self.events = events
    }

    /// The same row of a namespace that is known better.
    public func renamed(_ key: MountNamespace) -> NamespaceRow {
        var row = self
        row.key = key
        return row
    }

    public func since(_ earlier: NamespaceRow) -> NamespaceRow? {
        var arithmetic = RowArithmetic()
        var row = self
        row.events = arithmetic.difference(events, earlier.events)
        return arithmetic.isImpossible ? nil : row
    }

    public func adding(_ later: NamespaceRow) -> NamespaceRow? {
        var arithmetic = RowArithmetic()
        var row = later
        row.mounts = later.mounts ?? mounts
        row.peers = later.peers ?? peers
        row.processes = later.processes ?? processes
        row.container = later.container ?? container
        row.events = arithmetic.sum(events, later.events)
        return arithmetic.isImpossible ? nil : row
    }
}
