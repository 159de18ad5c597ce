import Contention

/// The rows of a run interval by interval, with those that a sparse run leaves out (`SparseRows`).
struct WholeRows {
    private let isSparse: Bool
    private var rows: IntervalCursor
    private var hasRow: Bool
    /// By series: its latest rows, as they are when nothing happens.
    private var idle: [Group] = []

    /// The rows of a series in an interval.
    private struct Group {
        var machine: IntervalRecord?
        /// By CPU.
        var cpus: [Int: IntervalRecord] = [:]
    }

    /// - Throws: `RunReadError`.
    init(_ reader: RunReader) throws(RunReadError) {
        isSparse = reader.run.isSparse
        rows = try reader.intervals()
        hasRow = try rows.next()
    }

    /// The series so far; `IntervalRecord.series` is a place in it.
    var names: [SeriesName] { rows.series }

    /// The rows of the next interval; nil behind the last one.
    /// - Throws: `RunReadError`.
    mutating func next() throws(RunReadError) -> [IntervalRecord]? {
        guard hasRow else { return nil }
        let first = rows.record
        var interval: [IntervalRecord] = []
        while hasRow, rows.record.sequence == first.sequence {
            interval.append(rows.record)
            hasRow = try rows.next()
        }
        return isSparse ? filled(interval, at: first) : interval
    }

    private mutating func filled(_ interval: [IntervalRecord], at first: IntervalRecord) -> [IntervalRecord] {
        var groups: [Group] = []
        for record in interval {
            while groups.count <= record.series { groups.append(Group()) }
            if let cpu = record.cpu {
                groups[record.series].cpus[cpu] = record
            } else {
                groups[record.series].machine = record
            }
        }
        while groups.count < idle.count { groups.append(Group()) }
        while idle.count < groups.count { idle.append(Group()) }
        for index in groups.indices {
            let isLevel = names[index].key?.metric.kind == .level
            groups[index].machine = groups[index].machine ?? idle[index].machine?.moved(to: first)
            for (cpu, record) in idle[index].cpus where groups[index].cpus[cpu] == nil {
                groups[index].cpus[cpu] = record.moved(to: first)
            }
            idle[index].machine = groups[index].machine.map { isLevel ? $0 : $0.idle }
            idle[index].cpus = groups[index].cpus.mapValues { isLevel ? $0 : $0.idle }
        }
        let online = onlineCPUs(groups)
        return groups.enumerated().flatMap { index, group in
            let isLevel = names[index].key?.metric.kind == .level
            let cpus = group.cpus.sorted { $0.key < $1.key }
            // A CPU that is away has a row only where it counted something, but for the level that says so.
            let shown = cpus.filter { isLevel || $0.value.count != 0 || online?.contains($0.key) ?? true }
            return [group.machine].compactMap { $0 } + shown.map(\.value)
        }
    }

    /// nil where the run does not tell.
    private func onlineCPUs(_ groups: [Group]) -> Set<Int>? {
        guard let index = names.firstIndex(of: SeriesName(SeriesKey(.cpusOnline))), index < groups.count,
            groups[index].machine?.count != nil
        else { return nil }
        return Set(groups[index].cpus.filter { $0.value.count != 0 }.keys)
    }
}

extension IntervalRecord {
    /// The row when nothing happens. Of a CPU's share the whole is not known then.
    fileprivate var idle: IntervalRecord {
        var row = self
        let isUnknown = count == nil || (cpu != nil && whole != nil)
        row.count = isUnknown ? nil : 0
        row.nanoseconds = isUnknown ? nil : nanoseconds.map { _ in 0 }
        (row.maximum, row.p50, row.p90, row.p99) = (nil, nil, nil, nil)
        row.lost = lost.map { _ in 0 }
        (row.whole, row.repeats) = (nil, nil)
        return row
    }

    fileprivate func moved(to interval: IntervalRecord) -> IntervalRecord {
        var row = self
        row.sequence = interval.sequence
        row.monotonic = interval.monotonic
        row.realtime = interval.realtime
        row.elapsed = interval.elapsed
        return row
    }
}
