import Contention

/// Decides which rows a sparse run can do without: those that say what a reader takes for granted.
///
/// A row of the machine that is not there says that everything is as in the latest row of its series, and that nothing
/// happened. A row of a CPU that is not there, beside its machine's, says the same of the CPU. Rows of what was not known
/// and still is not can go too; a level that has not changed can go; shares of the machine stay, because their whole
/// grows even when nothing is found, and the last series stays: it tells a whole interval from one that was cut off.
struct SparseRows {
    private var latest: [Latest] = []

    private struct Latest {
        let series: SeriesInterval
        var cpus: [Delta?]
    }

    /// Forgets everything: the next interval is written whole, as the first of each file is.
    mutating func startOver() { latest = [] }

    /// The series' machine row and CPUs to write.
    /// - Returns: nil for no row at all.
    mutating func select(_ series: SeriesInterval, at index: Int, isLast: Bool) -> (cpus: Set<Int>, isWhole: Bool)? {
        guard index < latest.count else {
            latest.append(Latest(series: series, cpus: series.byCPU))
            return ([], true)
        }
        let before = latest[index]
        let isLevel = series.key.metric.kind == .level
        let cpus = Set(
            series.byCPU.indices.filter { cpu in
                let earlier = cpu < before.cpus.count ? before.cpus[cpu] : nil
                let now = series.byCPU[cpu]
                return isLevel ? now != earlier : !SparseRows.isNothing(now) || earlier == nil
            })
        let isSame =
            series.mode == before.series.mode && (series.lost == nil) == (before.series.lost == nil)
            && (series.all == nil) == (before.series.all == nil)
        let isIdle: Bool
        if isLevel {
            isIdle = series.all == before.series.all && cpus.isEmpty
        } else if series.all == nil {
            isIdle = zip(series.byCPU, before.cpus).allSatisfy { now, earlier in
                now.map { SparseRows.isNothing($0) && earlier != nil } ?? (earlier == nil)
            }
        } else {
            isIdle = SparseRows.isNothing(series.all)
        }
        if isSame, isIdle, (series.lost ?? 0) == 0, series.all?.share == nil, !isLast { return nil }
        latest[index] = Latest(series: series, cpus: series.byCPU)
        return (cpus, false)
    }

    private static func isNothing(_ delta: Delta?) -> Bool {
        guard let delta else { return false }
        return delta.count == 0 && (delta.nanoseconds ?? 0) == 0
    }
}
