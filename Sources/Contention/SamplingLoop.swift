/// When to read the source.
public struct SamplingPlan: Sendable, Equatable {
    /// Nanoseconds between the ends of two intervals.
    public var interval: UInt64
    /// Nanoseconds from the first snapshot to the last; nil for no end.
    public var duration: UInt64?
    /// Nanoseconds after which the source is read even when no interval ends: the kernel's 32-bit sequence must not
    /// wrap between two reads.
    public var readAtLeastEvery: UInt64 = 10_000_000_000

    /// - Parameters: in nanoseconds; `interval` is not 0.
    public init(interval: UInt64, duration: UInt64? = nil) {
        self.interval = interval
        self.duration = duration
    }
}

/// Turns the readings of a kernel into intervals that end on an absolute grid, so that lateness never adds up.
///
/// The first snapshot is taken on creation; whoever uses the loop decides what news and the end mean.
public struct SamplingLoop: IntervalSource {
    /// The state before the first interval.
    public let first: Snapshot
    private var source: any SnapshotSource
    private var waiter: any Waiter
    private var plan: SamplingPlan
    /// Where the interval that is running began.
    private var boundary: Snapshot
    private var latest: Snapshot
    /// By actor, what came since `boundary`: a row may be harvested before the interval ends.
    private var records: RecordBatch
    private var nextTick: UInt64
    private var modes = ModeChanges()
    private var end: UInt64?
    /// Intervals so far.
    public private(set) var count = 0

    /// Takes the first snapshot.
    /// - Throws: what the source throws.
    public init(source: any SnapshotSource, waiter: any Waiter, plan: SamplingPlan) throws {
        self.source = source
        self.waiter = waiter
        self.plan = plan
        first = try self.source.snapshot()
        try self.source.act(on: first)
        boundary = first
        latest = first
        records = RecordBatch(from: first.records, to: first.records)
        // As found, no differences: a run that is shorter than the time between two looks has them too.
        records.namespaces = first.records.namespaces.compactMap { $0.since($0) }
        nextTick = first.monotonic + plan.interval
        end = plan.duration.map { first.monotonic + $0 }
    }

    /// Everything between the first snapshot and the latest; nil before there is a second one.
    public var summary: Interval? { Interval(sequence: 0, from: first, to: latest) }

    /// Waits for the next interval, for news or for the end of the planned duration.
    /// - Throws: what the source or the waiter throws.
    public mutating func next() throws -> IntervalStep {
        while true {
            let deadline = min(nextTick, end ?? .max, latest.monotonic + plan.readAtLeastEvery)
            let wakeup = try waiter.wait(until: deadline)
            guard wakeup == .deadline else { return .news(wakeup) }
            if deadline == end {
                end = nil
                return .over
            }
            try read()
            try source.act(on: latest)
            if deadline == nextTick, let interval = closeInterval() { return .interval(interval) }
        }
    }

    /// Takes the last snapshot.
    /// - Returns: the interval it cut short; nil where no time has passed.
    /// - Throws: what the source throws.
    public mutating func finish() throws -> IntervalBundle? {
        try read()
        return closeInterval()
    }

    public mutating func use(interval: UInt64) {
        plan.interval = interval
        // The interval that is running ends on the new grid.
        nextTick = max(boundary.monotonic + interval, latest.monotonic + 1)
    }

    private mutating func read() throws {
        let now = try source.snapshot()
        records.add(RecordBatch(from: latest.records, to: now.records))
        latest = now
    }

    private mutating func closeInterval() -> IntervalBundle? {
        // Intervals that were slept through are not made up for: the grid stays, one longer interval is measured.
        if let late = latest.monotonic.subtracting(nextTick) { nextTick += (late / plan.interval + 1) * plan.interval }
        guard let interval = Interval(sequence: count + 1, from: boundary, to: latest) else { return nil }
        count += 1
        boundary = latest
        defer { records = RecordBatch() }
        return IntervalBundle(interval.following(&modes), records: records)
    }
}
