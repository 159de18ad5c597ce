/// Samples of one name and meaning, as Prometheus and OpenMetrics group them.
struct MetricFamily: Equatable, Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// Without the suffixes that samples add: `mountscope_mount_lock_write_sections`.
    let name: String
    let kind: Kind
    /// One sentence without quotes.
    let help: String
    /// `seconds`, then also the name's end; nil for plain counts.
    var unit: String?
    var samples: [MetricSample] = []
}

extension MetricFamily {
    /// The same family with one more label on every sample, before the others.
    func labelled(_ label: MetricLabel) -> MetricFamily {
        var family = self
        for index in family.samples.indices { family.samples[index].labels.insert(label, at: 0) }
        return family
    }
}

/// One line of an exposition.
struct MetricSample: Equatable, Sendable {
    /// `_total`, `_bucket`, `_sum`, `_count`, or empty.
    var suffix = ""
    var labels: [MetricLabel]
    let value: MetricValue
}

struct MetricLabel: Equatable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Numbers as the text formats write them.
enum MetricValue: Equatable, Sendable {
    case count(UInt64)
    /// Shown in seconds, to the last digit.
    case nanoseconds(UInt64)

    var text: String {
        switch self {
        case .count(let count): return String(count)
        case .nanoseconds(let nanoseconds):
            let (seconds, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            guard fraction > 0 else { return String(seconds) }
            let digits = String(fraction)
            var decimals = String(repeating: "0", count: 9 - digits.count) + digits
            while decimals.last == "0" { decimals.removeLast() }
            return "\(seconds).\(decimals)"
        }
    }
}
