/// What an actor or a group did to others and suffered itself, in one number each; nil where nothing measures it.
extension WhoGroup {
    private static let waits: Set<Metric> = [.lockWait, .readerWait, .readWait, .writeWait, .spinTime]
    private static let sufferings: Set<Metric> = [.readRetries, .walkFallbacks, .readerSpins]

    /// Times that it held a lock for writing.
    public var writes: UInt64? {
        count([.writeAcquires]) ?? count([.semaphoreWriteHold])
    }

    /// Nanoseconds that it held namespace_sem for writing and kept the sequence odd.
    public var writeHold: UInt64? { nanoseconds([.semaphoreWriteHold, .writeHold]) }

    /// Pages and calls that held namespace_sem for reading.
    public var reads: UInt64? { count([.readHold]) }

    /// Nanoseconds that it held namespace_sem for reading.
    public var readHold: UInt64? { nanoseconds([.readHold]) }

    /// Retries, walks done again and spins.
    public var suffered: UInt64? { count(Self.sufferings) }

    /// Nanoseconds that it spun or waited.
    public var waited: UInt64? { nanoseconds(Self.waits) }

    /// Nanoseconds, all that is known; an event without a time counts as a microsecond. For the order of tables only.
    var cost: UInt64 {
        let times = [writeHold, readHold, waited].compactMap { $0 }
        let events = [writes, suffered].compactMap { $0?.multipliedReportingOverflow(by: 1000).partialValue }
        return (times + events).reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// The events of some metrics at all sites; nil where it has no row of them, or one is not known.
    public func count(_ metrics: Set<Metric>) -> UInt64? { sum(metrics) { $0.count } }

    /// The time of some metrics at all sites; nil where it has no row of them, or one is not known.
    public func nanoseconds(_ metrics: Set<Metric>) -> UInt64? { sum(metrics) { $0.nanoseconds } }

    private func sum(_ metrics: Set<Metric>, _ value: (TaskRow) -> UInt64?) -> UInt64? {
        let rows = series.values.filter { metrics.contains($0.key.series.metric) }
        guard !rows.isEmpty else { return nil }
        return rows.reduce(UInt64?(0)) { sum, row in sum.flatMap { sum in value(row).flatMap { sum.adding($0) } } }
    }
}
