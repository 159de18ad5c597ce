/// Everything known at one moment: raw, and cumulative since the probes were attached.
public struct Snapshot: Sendable {
    /// CLOCK_MONOTONIC, nanoseconds.
    public let monotonic: UInt64
    /// CLOCK_REALTIME, nanoseconds since 1970 UTC.
    public let realtime: Int64
    /// How many CPUs the machine can have; the length of every per-CPU array.
    public let possibleCPUs: Int
    /// In the order of `SeriesKey.all`; the same series in every snapshot of a source.
    public let readings: [SeriesReading]
    /// The rows by actor.
    public let records: RecordSnapshot

    public init(
        monotonic: UInt64, realtime: Int64, possibleCPUs: Int, readings: [SeriesReading],
        records: RecordSnapshot = .none("nothing measures it")
    ) {
        self.monotonic = monotonic
        self.realtime = realtime
        self.possibleCPUs = possibleCPUs
        self.readings = readings
        self.records = records
    }
}

/// One series at one moment.
public struct SeriesReading: Sendable {
    public let key: SeriesKey
    public let mode: Mode
    public let value: ReadingValue
    /// Events of this series known to be lost so far; nil where that cannot be known.
    public let lost: UInt64?

    public init(key: SeriesKey, mode: Mode, value: ReadingValue, lost: UInt64?) {
        self.key = key
        self.mode = mode
        self.value = value
        self.lost = lost
    }
}

/// The raw value of a series.
public enum ReadingValue: Sendable, Equatable {
    /// Nothing is known; why.
    case unavailable(reason: String)
    /// One count for the machine.
    case total(UInt64)
    /// A count for each possible CPU.
    case counts([UInt64])
    /// A histogram for each possible CPU.
    case histograms([Histogram])
    /// Events and their time for each possible CPU.
    case timedCounts([TimedCount])
    /// Events and their time for the machine.
    case timedTotal(TimedCount)
    /// What holds now for each possible CPU.
    case levels([UInt64])
    /// A part of a whole for each possible CPU.
    case shares([Share])
    /// A part of a whole for the machine.
    case totalShare(Share)
}

/// Events, and the nanoseconds they took together.
public struct TimedCount: Sendable, Equatable {
    public var count: UInt64
    public var nanoseconds: UInt64

    static let zero = TimedCount(count: 0, nanoseconds: 0)

    public init(count: UInt64, nanoseconds: UInt64) {
        self.count = count
        self.nanoseconds = nanoseconds
    }

    /// Both together; nil where a sum does not fit into 64 bits.
    func adding(_ more: TimedCount) -> TimedCount? {
        guard let count = count.adding(more.count), let nanoseconds = nanoseconds.adding(more.nanoseconds) else {
            return nil
        }
        return TimedCount(count: count, nanoseconds: nanoseconds)
    }

    /// What came since `earlier`; nil when either went back.
    func since(_ earlier: TimedCount) -> TimedCount? {
        guard let count = count.subtracting(earlier.count),
            let nanoseconds = nanoseconds.subtracting(earlier.nanoseconds)
        else { return nil }
        return TimedCount(count: count, nanoseconds: nanoseconds)
    }
}

/// What snapshots are taken of: the kernel.
public protocol SnapshotSource {
    /// The state now. Changes nothing of what is measured.
    /// - Throws: when the source can no longer be read.
    mutating func snapshot() throws -> Snapshot
    /// What is to be done between two snapshots because of the latest: nothing, unless there is something to attend to.
    mutating func act(on latest: Snapshot) throws
}

extension SnapshotSource {
    public mutating func act(on latest: Snapshot) {}
}
