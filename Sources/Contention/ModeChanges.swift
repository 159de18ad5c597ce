/// Follows which series can be measured: what the probes cost may change it in the middle of a run.
public struct ModeChanges: Sendable {
    /// Series that began or ceased to be measured together, for one reason.
    public struct Change: Sendable, Equatable {
        /// The interval from which on it is so.
        public let sequence: Int
        public let keys: [SeriesKey]
        public let mode: Mode
        /// Why; empty where they are measured.
        public let reason: String

        public init(sequence: Int, keys: [SeriesKey], mode: Mode, reason: String) {
            self.sequence = sequence
            self.keys = keys
            self.mode = mode
            self.reason = reason
        }
    }

    private var modes: [SeriesKey: Mode] = [:]

    public init() {}

    /// What is otherwise than in the interval before; nothing in the first.
    public mutating func follow(_ interval: Interval) -> [Change] {
        let isFirst = modes.isEmpty
        var order: [String] = []
        var changed: [String: (mode: Mode, reason: String, keys: [SeriesKey])] = [:]
        for series in interval.series {
            guard let before = modes.updateValue(series.mode, forKey: series.key), before != series.mode else {
                continue
            }
            // A series that is back has no value yet, for the reason it had before.
            let reason = series.mode == .unavailable ? series.reason ?? "" : ""
            let group = "\(series.mode.rawValue) \(reason)"
            if changed[group] == nil { order.append(group) }
            changed[group, default: (series.mode, reason, [])].keys.append(series.key)
        }
        guard !isFirst else { return [] }
        return order.compactMap { changed[$0] }
            .map { Change(sequence: interval.sequence, keys: $0.keys, mode: $0.mode, reason: $0.reason) }
    }
}
