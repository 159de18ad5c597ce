extension RunTotals {
    /// The run as one interval, for the views that show intervals; series that this version does not know are left out.
    /// - Parameter reasons: why a series is not measured, as the attach table of the run has it.
    ///
    /// An interval has a value for every CPU up to the highest: of a run with a few very high numbers in thousands of series the
    /// last series have no CPUs there.
    public func summary(reasons: [SeriesKey: String]) -> Interval {
        let known = series.compactMap { total in total.name.key.map { (key: $0, total: total) } }
        var room = RunTotals.maximumCells
        return Interval(
            sequence: 0, endMonotonic: endMonotonic, endRealtime: endRealtime, elapsed: max(1, elapsed),
            series: known.map { key, total in
                let cells = (total.cpus.highest ?? -1) + 1
                room -= cells
                let reason = total.count == nil ? reasons[key] ?? "not measured in this run" : nil
                return SeriesInterval(
                    key: key, mode: total.mode, reason: reason, all: total.delta,
                    byCPU: room >= 0 ? total.cpuDeltas : [],
                    lost: total.lost, measured: total.unknownIntervals > 0 ? total.knownElapsed : nil)
            })
    }
}

extension RunTotals {
    /// Of series by CPU, in a summary.
    private static let maximumCells = 1 << 22
}

extension SeriesTotal {
    /// The machine's sum; nil where nothing is known.
    fileprivate var delta: Delta? {
        guard let count else { return nil }
        if let histogram { return .durations(histogram) }
        if let share { return .share(share) }
        guard let nanoseconds else { return .count(count) }
        return count == 0 && name.key?.metric.kind == .durations
            ? .durations(.empty) : .timed(TimedCount(count: count, nanoseconds: nanoseconds))
    }

    /// Of CPUs no buckets are recorded: their durations are counts and sums.
    fileprivate var cpuDeltas: [Delta?] {
        var deltas = [Delta?](repeating: nil, count: (cpus.highest ?? -1) + 1)
        for (number, cpu) in cpus { deltas[number] = delta(cpu) }
        return deltas
    }

    private func delta(_ cpu: CPUTotal) -> Delta? {
        guard let count = cpu.count else { return nil }
        if share != nil { return cpu.share.map(Delta.share) }
        return cpu.nanoseconds.map { .timed(TimedCount(count: count, nanoseconds: $0)) } ?? .count(count)
    }
}
