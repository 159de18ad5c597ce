/// What an actor did to a lock, or suffered from it: one series of intervals.csv, by actor instead of by CPU.
public struct TaskRow: RecordRow {
    public struct Key: Hashable, Sendable {
        /// `ActorRow.number`
        public let actor: Int
        public let series: SeriesKey

        public init(actor: Int, series: SeriesKey) {
            self.actor = actor
            self.series = series
        }
    }

    public let key: Key
    /// Events.
    public var count: UInt64?
    /// Nanoseconds, all events added up; nil where the series has no time.
    public var nanoseconds: UInt64?
    /// Nanoseconds, the longest. In a batch only where it was longer than everything before.
    public var maximum: UInt64?
    public var mode: Mode
    /// Times that the kernel took the CPU from the holder while it held the lock; of holds.
    public var involuntary: UInt64?
    /// Times that the holder gave up the CPU itself while it held the lock; of holds.
    public var voluntary: UInt64?
    /// Nanoseconds that the actor's cgroup was throttled meanwhile (cpu.stat).
    public var throttled: UInt64?

    public init(
        _ key: Key, count: UInt64?, nanoseconds: UInt64? = nil, maximum: UInt64? = nil, mode: Mode = .exact,
        involuntary: UInt64? = nil, voluntary: UInt64? = nil, throttled: UInt64? = nil
    ) {
        self.key = key
        self.count = count
        self.nanoseconds = nanoseconds
        self.maximum = maximum
        self.mode = mode
        self.involuntary = involuntary
        self.voluntary = voluntary
        self.throttled = throttled
    }

    public func since(_ earlier: TaskRow) -> TaskRow? {
        var arithmetic = RowArithmetic()
        let row = TaskRow(
            key, count: arithmetic.difference(count, earlier.count),
            nanoseconds: arithmetic.difference(nanoseconds, earlier.nanoseconds),
            maximum: arithmetic.newMaximum(maximum, earlier.maximum), mode: mode,
            involuntary: arithmetic.difference(involuntary, earlier.involuntary),
            voluntary: arithmetic.difference(voluntary, earlier.voluntary),
            throttled: arithmetic.difference(throttled, earlier.throttled))
        return arithmetic.isImpossible ? nil : row
    }

    public func adding(_ later: TaskRow) -> TaskRow? {
        var arithmetic = RowArithmetic()
        let row = TaskRow(
            key, count: arithmetic.sum(count, later.count),
            nanoseconds: arithmetic.sum(nanoseconds, later.nanoseconds),
            maximum: arithmetic.maximum(maximum, later.maximum), mode: mode.joined(later.mode),
            involuntary: arithmetic.sum(involuntary, later.involuntary),
            voluntary: arithmetic.sum(voluntary, later.voluntary),
            throttled: arithmetic.sum(throttled, later.throttled))
        return arithmetic.isImpossible ? nil : row
    }
}
