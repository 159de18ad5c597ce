import Contention

/// What stands beneath the table: CPUs, holds, losses, and what is not measured and why.
struct Notes {
    let interval: Interval
    let width: Int

    /// How many CPUs are named at most.
    private let busiest = 8

    var lines: [String] {
        [busiestByRetries, busiestByHold].compactMap { $0 }
            + [coverage, readers, ownCost, losses, missedSamples].compactMap { $0 }.flatMap { $0.wrapped(to: width) }
            + Notes.reasons(interval.series, width: width)
    }

    /// CPUs by failed validations a second; nil where no CPU is known or nothing failed.
    private var busiestByRetries: String? {
        top(.readRetries) { $0.count }.map { cpus in
            list("busiest CPUs by read_retries:", cpus.map { "cpu\($0.cpu) \(Units.rate($0.value))/s" })
        }
    }

    /// CPUs by time held a second, on the CPU that released; it may pass 1 s/s, for holders can sleep.
    private var busiestByHold: String? {
        top(.readHold) { $0.nanoseconds ?? 0 }.map { cpus in
            list("busiest CPUs by read_hold:", cpus.map { "cpu\($0.cpu) \(Units.duration($0.value))/s" })
        }
    }

    /// How much of what the sequence says the instructions saw, and which functions they do not see; nil where they are
    /// not watched.
    private var coverage: String? {
        guard let coverage = interval[SeriesKey(.writeCoverage)]?.all?.share else { return nil }
        let text =
            coverage.value.map {
                "coverage: \(Units.percent($0)) of the write sections were seen at their instructions"
            } ?? "coverage: there was no write section"
        let blind = interval.series.filter { $0.key.metric == .writeAcquires && $0.mode == .unavailable }.map(
            \.key.site)
        return blind.isEmpty ? text : "\(text); not seen: \(blind.joined(separator: ", "))"
    }

    /// What mountscope takes of the CPU time of all online CPUs.
    private var ownCost: String? {
        let costs = interval.series.filter { $0.key.metric == .ownCost }.compactMap { one in
            one.all?.nanoseconds.map { (site: one.key.site, share: share(of: $0)) }
        }
        guard !costs.isEmpty else { return nil }
        let parts = costs.map { "\($0.site) \(Units.percent($0.share))" }.joined(separator: ", ")
        return "own cost: \(Units.percent(costs.reduce(0) { $0 + $1.share })) of all CPU time (\(parts))"
    }

    private func share(of nanoseconds: UInt64) -> Double {
        let online = interval[SeriesKey(.cpusOnline)]?.all?.count ?? 1
        return Double(nanoseconds) / (Double(interval.elapsed) * Double(max(1, online)))
    }

    /// Little's law: holds x mean hold / time = holders inside on average. Not a share of time: readers overlap.
    private var readers: String? {
        let holds = interval.series.filter { $0.key.metric == .readHold }
        let known = holds.compactMap { $0.all?.histogram }
        guard let all = Delta.sum(known.map(Delta.durations))?.histogram, let mean = all.mean else { return nil }
        // Each series over the time in which it is known: a part of a run is not spread over all of it.
        let sums = holds.compactMap { series in
            series.all?.histogram.map { Double($0.sum) / Double(max(1, series.measured ?? interval.elapsed)) }
        }
        let inside = Units.plain(sums.reduce(0, +))
        let bound = known.count == holds.count ? "" : "at least "
        return "namespace_sem read-held \(Units.duration(mean)) a time, by \(bound)\(inside) tasks on average"
    }

    private var losses: String? {
        // Causes of which rows by actor suffer are told of where they do.
        let causes = interval.series.filter {
            $0.key.metric == .lostEvents
                && (($0.all?.count ?? 0) > 0 || !$0.key.isLoss(of: LossCause.ofActors))
        }
        guard causes.contains(where: { $0.all != nil }) else { return nil }
        return "lost events: "
            + causes.map { "\($0.key.site) \($0.all.map { Units.count($0.count) } ?? "-")" }.joined(separator: ", ")
    }

    /// Up to this share of the samples that were due nobody is told that they were not taken.
    private static let tolerableMisses = 0.05

    /// How many of the samples that were due were not taken; nil where that is few, or not known, or where no share would be
    /// another one: an idle machine's.
    private var missedSamples: String? {
        guard let missed = interval[SeriesKey(.lostEvents, site: LossCause.missedSample.rawValue)]?.all?.count,
            let taken = interval[SeriesKey(.writeDuty)]?.all?.share?.whole,
            let share = Share(part: missed, whole: missed + taken).value, share > Notes.tolerableMisses,
            taken == 0 || interval.series.contains(where: { $0.mode == .sampled && ($0.all?.count ?? 0) > 0 })
        else { return nil }
        return
            "samples: \(Units.percent(share)) of those due were not taken (CPUs idle, taken away by a hypervisor, or "
            + "busy in other eBPF programs): shares are of the time the CPUs ran"
    }

    /// As many items, the first at least, as fit on one line.
    private func list(_ title: String, _ items: [String]) -> String {
        items.dropFirst().reduce("\(title) \(items.first ?? "")") { line, item in
            line.count + 2 + item.count <= width ? "\(line), \(item)" : line
        }
    }

    /// The busiest CPUs with their values a second.
    private func top(_ metric: Metric, _ value: (Delta) -> UInt64) -> [(cpu: Int, value: Double)]? {
        var sums: [Int: Double] = [:]
        for series in interval.series where series.key.metric == metric {
            for (cpu, delta) in series.byCPU.enumerated() {
                sums[cpu, default: 0] += delta.map { interval.rate(value($0), of: series) } ?? 0
            }
        }
        let ranked = sums.filter { $0.value > 0 }.map { (cpu: $0.key, value: $0.value) }
            .sorted { ($1.value, $0.cpu) < ($0.value, $1.cpu) }
        return ranked.isEmpty ? nil : Array(ranked.prefix(busiest))
    }

    /// Each distinct reason once, with the series it takes away.
    static func reasons(_ series: [SeriesInterval], width: Int) -> [String] {
        var order: [String] = []
        var affected: [String: [SeriesKey]] = [:]
        for one in series {
            guard let reason = one.reason else { continue }
            if affected[reason] == nil { order.append(reason) }
            affected[reason, default: []].append(one.key)
        }
        let names = SeriesNames(series.map(\.key))
        return order.flatMap { "unavailable: \(names.join(affected[$0] ?? [])): \($0)".wrapped(to: width) }
    }
}

extension ModeChanges.Change {
    /// `unavailable from now on: mount_lock.write_hold: taken off: ...`
    /// - Parameter interval: the one in which it became so.
    public func text(in interval: Interval) -> String {
        let what = "\(mode.rawValue) from now on: \(SeriesNames(interval.series.map(\.key)).join(keys))"
        return reason.isEmpty ? what : "\(what): \(reason)"
    }
}

/// Names of several series in few words.
struct SeriesNames {
    /// How many series a metric has.
    private let counts: [Metric: Int]

    /// - Parameter all: every series there is, with or without a value; once or more. Sites differ from kernel to kernel.
    init(_ all: [SeriesKey]) {
        counts = Dictionary(Set(all).map { ($0.metric, 1) }, uniquingKeysWith: +)
    }

    /// `mount_lock.read_retries[lookup walk], namespace_sem.read_hold`: sites are named where only some are meant.
    func join(_ keys: [SeriesKey]) -> String {
        var metrics: [Metric] = []
        var sites: [Metric: [String]] = [:]
        for key in keys {
            if sites[key.metric] == nil { metrics.append(key.metric) }
            if sites[key.metric]?.contains(key.site) != true { sites[key.metric, default: []].append(key.site) }
        }
        return metrics.map { metric in
            let named = sites[metric] ?? []
            return named.count == counts[metric]
                ? metric.qualifiedName : "\(metric.qualifiedName)[\(named.joined(separator: " "))]"
        }.joined(separator: ", ")
    }
}
