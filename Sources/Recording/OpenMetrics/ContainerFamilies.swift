import Contention

/// What containers did since the probes were attached, as metric families with bounded labels: those that cost most in the
/// interval they were first seen in have names, up to a number, and keep them; all others are `other`.
///
/// A name is never taken away and nothing moves from `other` to a name, so every counter only grows.
struct ContainerFamilies {
    /// Containers with names of their own.
    static let most = 20
    private static let other = "other"
    private var run = RecordTotals()
    private var sums: [String: Sums] = [:]

    /// nil until something is known.
    private struct Sums {
        var writes, writeHold, reads, readHold, suffered, waited: UInt64?
    }

    /// Takes the records of an interval.
    mutating func add(_ bundle: IntervalBundle) {
        run.add(bundle.records, end: bundle.interval.endMonotonic)
        // The costliest come first.
        for group in run.grouped(bundle.records, by: .container) {
            let isNamed = sums[group.name] != nil && group.name != Self.other
            let named = sums.keys.count { $0 != Self.other }
            let name = isNamed || named < Self.most ? group.name : Self.other
            var sum = sums[name] ?? Sums()
            Self.add(group.writes, to: &sum.writes)
            Self.add(group.writeHold, to: &sum.writeHold)
            Self.add(group.reads, to: &sum.reads)
            Self.add(group.readHold, to: &sum.readHold)
            Self.add(group.suffered, to: &sum.suffered)
            Self.add(group.waited, to: &sum.waited)
            sums[name] = sum
        }
    }

    private static func add(_ more: UInt64?, to sum: inout UInt64?) {
        guard let more else { return }
        sum = (sum ?? 0).addingReportingOverflow(more).partialValue
    }

    /// Those with samples.
    var families: [MetricFamily] {
        let families = [
            counts("writes", "Times that a container held mount_lock for writing.", \.writes),
            seconds(
                "write_held", "Time that it held namespace_sem for writing and kept mount_lock's sequence odd.",
                \.writeHold),
            counts("reads", "Pages of mount tables that it read.", \.reads),
            seconds("read_held", "Time that it held namespace_sem for reading.", \.readHold),
            counts("suffered", "Retries, path walks done again and spins of its readers.", \.suffered),
            seconds("waited", "Time that it spun or waited for the locks.", \.waited),
        ]
        return families.filter { !$0.samples.isEmpty }
    }

    private func counts(_ name: String, _ help: String, _ value: (Sums) -> UInt64?) -> MetricFamily {
        MetricFamily(
            name: "mountscope_container_\(name)", kind: .counter, help: help,
            samples: samples(value) { .count($0) })
    }

    private func seconds(_ name: String, _ help: String, _ value: (Sums) -> UInt64?) -> MetricFamily {
        MetricFamily(
            name: "mountscope_container_\(name)_seconds", kind: .counter, help: help, unit: "seconds",
            samples: samples(value) { .nanoseconds($0) })
    }

    private func samples(_ value: (Sums) -> UInt64?, _ shown: (UInt64) -> MetricValue) -> [MetricSample] {
        sums.sorted { $0.key < $1.key }.compactMap { name, sum in
            value(sum).map {
                MetricSample(suffix: "_total", labels: [MetricLabel("container", name)], value: shown($0))
            }
        }
    }
}
