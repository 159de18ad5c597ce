import Contention

/// One row of a report by actor as CSV or NDJSON: a series, or the scans of a table, of a group over a whole run.
struct WhoRows {
    let run: RecordedRun
    let grouping: WhoGrouping
    let group: WhoGroup
    var series: TaskRow?
    var scans: ScanRow?

    static let columns: [RowColumn<WhoRows>] = groups + events + reading

    private static let groups: [RowColumn<WhoRows>] = [
        RowColumn("run_id") { .text($0.run.description.id) },
        RowColumn("run") { .free($0.run.path) },
        RowColumn("by") { .text($0.grouping.rawValue) },
        RowColumn("name") { .free($0.group.name) },
        RowColumn("actors") { .number($0.group.actors) },
        // Where the group is one actor of the run's tables.
        RowColumn("actor") { row in .number(row.group.actor.flatMap { $0.number > 0 ? $0.number : nil }) },
    ]
    private static let events: [RowColumn<WhoRows>] = [
        RowColumn("lock") { .text(ifKnown: $0.series?.key.series.metric.subject.rawValue) },
        RowColumn("metric") { .text(ifKnown: $0.series?.key.series.metric.name) },
        RowColumn("site") { row in row.series.map { .free($0.key.series.site) } ?? .unknown },
        RowColumn("count") { .number($0.series?.count) },
        RowColumn("sum_ns") { .number($0.series?.nanoseconds) },
        RowColumn("max_ns") { .number($0.series?.maximum) },
        RowColumn("mode") { .text(ifKnown: $0.series?.mode.rawValue) },
        RowColumn("involuntary") { .number($0.series?.involuntary) },
        RowColumn("voluntary") { .number($0.series?.voluntary) },
        RowColumn("throttled_ns") { .number($0.series?.throttled) },
    ]
    private static let reading: [RowColumn<WhoRows>] = [
        RowColumn("table") { .text(ifKnown: $0.scans?.key.table.rawValue) },
        RowColumn("complete") { .number($0.scans?.complete) },
        RowColumn("abandoned") { .number($0.scans?.abandoned) },
        RowColumn("redundant") { .number($0.scans?.redundant) },
        RowColumn("polled") { .number($0.scans?.polled) },
        RowColumn("pages") { .number($0.scans?.pages) },
        RowColumn("bytes") { .number($0.scans?.bytes) },
        RowColumn("buffer") { .number($0.scans?.buffer) },
        RowColumn("hold_ns") { .number($0.scans?.hold) },
        RowColumn("wall_ns") { .number($0.scans?.wall) },
    ]
}

extension RowFormat {
    /// A run by process, container or namespace: for each group a row a series, then a row a table that it read.
    /// - Parameter isFirst: whether the names of the columns go before it, where the format has them.
    public func who(_ run: RecordedRun, _ records: RecordTotals, by grouping: WhoGrouping, isFirst: Bool) -> [UInt8] {
        bytes(WhoRows.columns, hasHeader: isFirst) { sink in
            for group in records.grouped(by: grouping) {
                let row = WhoRows(run: run, grouping: grouping, group: group)
                for key in group.series.keys.sorted(by: {
                    ($0.metric.rawValue, $0.site) < ($1.metric.rawValue, $1.site)
                }) {
                    var one = row
                    one.series = group.series[key]
                    sink.append(one, columns: WhoRows.columns)
                }
                for table in ScanRow.Table.allCases where group.scans[table] != nil {
                    var one = row
                    one.scans = group.scans[table]
                    sink.append(one, columns: WhoRows.columns)
                }
            }
        }
    }
}
