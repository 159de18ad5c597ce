/// Numbers actors in the order of first sight.
public struct ActorBook: Sendable {
    /// What makes an actor another one.
    public struct Identity: Hashable, Sendable {
        public let kind: ActorRow.Kind
        public let process: Int32?
        /// Nanoseconds since the machine booted: a process number that is used again is another actor.
        public let start: UInt64?
        public let cgroupID: UInt64?
        public let namespace: MountNamespace

        public init(
            kind: ActorRow.Kind, process: Int32? = nil, start: UInt64? = nil, cgroupID: UInt64? = nil,
            namespace: MountNamespace = MountNamespace(id: nil, inode: nil)
        ) {
            self.kind = kind
            self.process = process
            self.start = start
            self.cgroupID = cgroupID
            self.namespace = namespace
        }
    }

    private var numbers: [Identity: Int] = [:]
    private var latest = 0
    private var unseen: [ActorRow] = []

    public init() {}

    /// The actor's number, a new one at first sight.
    /// - Parameter describe: makes its row, at first sight only.
    public mutating func number(_ identity: Identity, describe: (_ number: Int) -> ActorRow) -> Int {
        if let known = numbers[identity] { return known }
        latest += 1
        numbers[identity] = latest
        unseen.append(describe(latest))
        return latest
    }

    /// Whether it has a number.
    public func knows(_ identity: Identity) -> Bool { numbers[identity] != nil }

    /// Forgets a process that is gone: its number is not given again.
    public mutating func forget(_ identity: Identity) { numbers[identity] = nil }

    /// Those that are new since the last time they were asked for.
    public mutating func takeNew() -> [ActorRow] {
        defer { unseen = [] }
        return unseen
    }
}
