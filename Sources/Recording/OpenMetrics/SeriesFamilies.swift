import Contention

/// Families of what was measured since the probes were attached.
///
/// Counters grow as long as mountscope runs and begin at 0 when it starts again, as Prometheus expects. What is not
/// known has no sample. No CPUs: hundreds of them times every series is what a scrape must not hold; a recorded run
/// has them.
struct SeriesFamilies {
    let summary: Interval

    /// Sites of one metric that are told apart; the rest is summed up as `other`.
    private static let mostSites = 64

    var families: [MetricFamily] {
        var grouped: [[SeriesInterval]] = []
        for series in summary.series {
            if let metric = grouped.last?.first?.key.metric, metric == series.key.metric {
                grouped[grouped.count - 1].append(series)
            } else {
                grouped.append([series])
            }
        }
        grouped = grouped.map(SeriesFamilies.bounded)
        return grouped.flatMap(SeriesFamilies.families) + [modes(grouped.joined()), losses(grouped.joined())]
    }

    private static func bounded(_ group: [SeriesInterval]) -> [SeriesInterval] {
        guard group.count > mostSites else { return group }
        let rest = group[(mostSites - 1)...]
        let lost = rest.compactMap(\.lost)
        let other = SeriesInterval(
            key: SeriesKey(group[0].key.metric, site: "other"), mode: rest[mostSites - 1].mode, reason: nil,
            all: Delta.sum(rest.map(\.all)), byCPU: [], lost: lost.count == rest.count ? lost.reduce(0, +) : nil)
        return group.prefix(mostSites - 1) + [other]
    }

    private static func families(_ group: [SeriesInterval]) -> [MetricFamily] {
        guard let metric = group.first?.key.metric else { return [] }
        let subject = metric.subject == .mountscope ? "" : "\(metric.subject.rawValue)_"
        let name = "mountscope_\(subject)\(metric.name)"
        let help = metric.row.help
        let known = group.compactMap { series in series.all.map { (label(series.key), $0) } }
        switch metric.kind {
        case .counter, .machineCounter:
            let samples = known.map { MetricSample(suffix: "_total", labels: $0.0, value: .count($0.1.count)) }
            return [MetricFamily(name: name, kind: .counter, help: help, samples: samples)]
        case .durations:
            let samples = known.flatMap { labels, delta in histogram(delta.histogram ?? .empty, labels) }
            return [
                MetricFamily(name: "\(name)_seconds", kind: .histogram, help: help, unit: "seconds", samples: samples)
            ]
        case .timedCounter, .machineTimedCounter:
            let samples = known.map {
                MetricSample(suffix: "_total", labels: $0.0, value: .nanoseconds($0.1.nanoseconds ?? 0))
            }
            return [
                MetricFamily(name: "\(name)_seconds", kind: .counter, help: help, unit: "seconds", samples: samples)
            ]
        case .share, .machineShare:
            return shares(name, help, known)
        case .level:
            let samples = known.map { MetricSample(labels: $0.0, value: .count($0.1.count)) }
            return [MetricFamily(name: name, kind: .gauge, help: help, samples: samples)]
        }
    }

    private static func shares(
        _ name: String, _ help: String, _ known: [(labels: [MetricLabel], delta: Delta)]
    ) -> [MetricFamily] {
        func family(_ end: String, _ help: String, _ value: (Share) -> UInt64) -> MetricFamily {
            let samples = known.compactMap { labels, delta in
                delta.share.map { MetricSample(suffix: "_total", labels: labels, value: .count(value($0))) }
            }
            return MetricFamily(name: "\(name)_\(end)", kind: .counter, help: help, samples: samples)
        }
        return [
            family("part", help, \.part),
            family(
                "whole", "What the part is a part of: the rate of that over the rate of this is the share.", \.whole),
        ]
    }

    private static func histogram(_ histogram: Histogram, _ labels: [MetricLabel]) -> [MetricSample] {
        let counts = SecondsBuckets.cumulative(histogram)
        let buckets = counts.map { bound, count in
            MetricSample(suffix: "_bucket", labels: labels + [MetricLabel("le", bound)], value: .count(count))
        }
        return buckets + [
            MetricSample(suffix: "_sum", labels: labels, value: .nanoseconds(histogram.sum)),
            MetricSample(suffix: "_count", labels: labels, value: .count(counts.last?.count ?? 0)),
        ]
    }

    private static func label(_ key: SeriesKey) -> [MetricLabel] {
        key.site.isEmpty ? [] : [MetricLabel("site", key.site)]
    }

    /// The mode in a family of its own: as a label it would break a series in two where the mode changes.
    private func modes(_ all: some Sequence<SeriesInterval>) -> MetricFamily {
        let help = "1 for the mode a series is measured in; one that is unavailable has no samples elsewhere."
        let samples = all.map { series in
            MetricSample(labels: names(series.key) + [MetricLabel("mode", series.mode.rawValue)], value: .count(1))
        }
        return MetricFamily(name: "mountscope_series_mode", kind: .gauge, help: help, samples: samples)
    }

    private func losses(_ all: some Sequence<SeriesInterval>) -> MetricFamily {
        let help = "Events of a series known to be lost; no sample where losses cannot be known."
        let samples = all.compactMap { series in
            series.lost.map { MetricSample(suffix: "_total", labels: names(series.key), value: .count($0)) }
        }
        return MetricFamily(name: "mountscope_series_lost_events", kind: .counter, help: help, samples: samples)
    }

    private func names(_ key: SeriesKey) -> [MetricLabel] {
        [
            MetricLabel("lock", key.metric.subject.rawValue), MetricLabel("metric", key.metric.name),
            MetricLabel("site", key.site),
        ]
    }
}
