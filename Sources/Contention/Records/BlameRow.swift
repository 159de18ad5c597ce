/// Who paid for whom: events of a victim that a writer's operation caused.
public struct BlameRow: RecordRow {
    public struct Key: Hashable, Sendable {
        /// `ActorRow.number`; nil for the share whose writer is not known.
        public let writer: Int?
        /// What the writer was asked to do: `mount`, `umount`, ...; the sites of write_hold. Empty where it is not known.
        public let operation: String
        /// `ActorRow.number`; nil for the share whose victim is not known.
        public let victim: Int?
        /// What the victim suffered: retries, fallbacks, spins, waits; never split by site.
        public let metric: Metric

        public init(writer: Int?, operation: String, victim: Int?, metric: Metric) {
            self.writer = writer
            self.operation = operation
            self.victim = victim
            self.metric = metric
        }
    }

    public let key: Key
    /// Events.
    public var count: UInt64?
    /// Nanoseconds, all events added up; nil where the metric has no time.
    public var nanoseconds: UInt64?
    public var mode: Mode

    public init(_ key: Key, count: UInt64?, nanoseconds: UInt64? = nil, mode: Mode = .exact) {
        self.key = key
        self.count = count
        self.nanoseconds = nanoseconds
        self.mode = mode
    }

    public func since(_ earlier: BlameRow) -> BlameRow? {
        var arithmetic = RowArithmetic()
        let row = BlameRow(
            key, count: arithmetic.difference(count, earlier.count),
            nanoseconds: arithmetic.difference(nanoseconds, earlier.nanoseconds), mode: mode)
        return arithmetic.isImpossible ? nil : row
    }

    public func adding(_ later: BlameRow) -> BlameRow? {
        var arithmetic = RowArithmetic()
        let row = BlameRow(
            key, count: arithmetic.sum(count, later.count),
            nanoseconds: arithmetic.sum(nanoseconds, later.nanoseconds), mode: mode.joined(later.mode))
        return arithmetic.isImpossible ? nil : row
    }
}
