/// The numbers of a row over an interval. nil is "not known", or "has none"; never a stand-in 0.
public struct CostNumbers: Sendable, Equatable {
    /// Events a second.
    public var rate: Amount?
    /// Nanoseconds a second, all CPUs or tasks together.
    public var time: Amount?
    /// Nanoseconds; of events that are timed one by one.
    public var p50: UInt64?
    public var p99: UInt64?
    public var longest: UInt64?
    /// How the percentiles are to be read.
    public var mark = Mark.exact

    public init() {}

    /// Whether anything is known.
    public var isKnown: Bool { rate != nil || time != nil }

    /// Whether anything happened.
    public var isActive: Bool { (rate?.value ?? 0) > 0 || (time?.value ?? 0) > 0 }

    /// Whether its events are counted one by one; of a row without events its time.
    public var isExact: Bool { (rate ?? time)?.mark == .exact }
}

/// One site of a row.
public struct CostPart: Sendable, Equatable {
    public let site: String
    public let numbers: CostNumbers

    public init(site: String, numbers: CostNumbers) {
        self.site = site
        self.numbers = numbers
    }
}
