/// Both planes over one interval: the series, and the rows by actor.
public struct IntervalBundle: Sendable {
    public let interval: Interval
    public let records: RecordBatch

    public init(_ interval: Interval, records: RecordBatch = RecordBatch()) {
        self.interval = interval
        self.records = records
    }
}
