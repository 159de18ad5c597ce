/// Somebody who used the locks or paid for them: a process, or what stands for many of them.
public struct ActorRow: Sendable, Equatable {
    /// What a row stands for.
    public enum Kind: String, Sendable, CaseIterable {
        /// One process, known by its number and its start.
        case process
        /// Every process of one cgroup and mount namespace that had no room in the table.
        case group
        /// Everything that had no room there either.
        case others
    }

    /// In the order of first sight, from 1; never given twice in a run.
    public let number: Int
    public let kind: Kind
    /// The process; nil of a group and of the others.
    public let process: Int32?
    /// When its first thread started, nanoseconds since the machine booted (`start_boottime`).
    public let start: UInt64?
    /// Its name at first sight, escaped (`EscapedBytes`); nil where it is not known.
    public let command: String?
    /// The inode of its cgroup's directory; nil of the others.
    public let cgroupID: UInt64?
    /// The path of its cgroup, escaped; nil where it is not known.
    public let cgroup: String?
    /// The name people give to what the cgroup is: a container, a pod, a unit; nil where none is recognised.
    public let container: String?
    public let namespace: MountNamespace
    /// The interval of its first row.
    public let firstSequence: Int

    public init(
        number: Int, kind: Kind = .process, process: Int32? = nil, start: UInt64? = nil, command: String? = nil,
        cgroupID: UInt64? = nil, cgroup: String? = nil, container: String? = nil,
        namespace: MountNamespace = MountNamespace(id: nil, inode: nil), firstSequence: Int
    ) {
        self.number = number
        self.kind = kind
        self.process = process
        self.start = start
        self.command = command
        self.cgroupID = cgroupID
        self.cgroup = cgroup
        self.container = container
        self.namespace = namespace
        self.firstSequence = firstSequence
    }
}
