/// Probes that the budget took off together: which series ended with them, and why.
public struct ProbeRemoval: Sendable, Equatable {
    public let keys: [SeriesKey]
    /// When, what they cost and how to keep them, in words.
    public let reason: String

    /// What such a reason begins with.
    public static let opening = "taken off"
    /// What a reason goes on with where something else is still measured.
    public static let separator = "; "

    public init(keys: [SeriesKey], reason: String) {
        self.keys = keys
        self.reason = reason
    }

    /// The removals among the reasons why series have no numbers, in the order of the series.
    /// - Parameter keys: the series that are looked at.
    public static func among(_ reasons: [SeriesKey: String], of keys: [SeriesKey]) -> [ProbeRemoval] {
        var order: [String] = []
        var taken: [String: [SeriesKey]] = [:]
        for key in keys {
            guard let text = reasons[key], text.hasPrefix(opening) else { continue }
            let reason = cause(text)
            if taken[reason] == nil { order.append(reason) }
            taken[reason, default: []].append(key)
        }
        return order.map { ProbeRemoval(keys: taken[$0] ?? [], reason: $0) }
    }

    /// Without what stands in for a single metric, so that series that went together are told together.
    private static func cause(_ reason: String) -> String {
        let words = Array(reason.utf8)
        let mark = Array(separator.utf8)
        let end = words.indices.last { index in
            words[index...].starts(with: mark) && String(decoding: words[index...], as: UTF8.self).hasSuffix(standIn)
        }
        return end.map { String(decoding: words[..<$0], as: UTF8.self) } ?? reason
    }

    /// What the name of the metric that is measured instead is followed by.
    public static let standIn = " stands in for it"
}
