import Contention
import Recording
import Report
import SystemCalls

/// Puts a recorded run into one HTML file, or on standard output.
struct PageWriter {
    let destination: TextDestination

    /// - Parameter path: of the file, whose content is replaced; `-` for standard output.
    /// - Throws: `SystemFailure` where it cannot be made.
    init(path: String) throws { destination = try TextDestination(path) }

    /// - Parameters:
    ///   - run: the run's folder.
    ///   - window: the part that is shown.
    /// - Throws: `RunReadError`, `OutputRefusal` or `SystemFailure`; the file then is as it was.
    func write(_ run: String, _ window: RunWindow = .whole) throws {
        try RunInputs([run]).check(destination)
        let reader = try RunReader(run, window: window)
        let totals = try reader.totals()
        var grid = CPUGrid(totals, isSparse: reader.run.isSparse)
        var rows = try reader.intervals()
        var (skipped, isBegun) = (0, false)
        while try rows.next() {
            guard reader.includes(rows.record) else {
                if !isBegun { skipped = rows.record.sequence }
                continue
            }
            isBegun = true
            var record = rows.record
            record.sequence -= skipped
            grid.add(record, rows.series[record.series])
        }
        try destination.put(
            RunPage(
                ReportedRun(
                    reader.run, totals: totals, records: try reader.records(totals.intervals, skipping: totals.skipped),
                    passedOver: try reader.passedOver()), grid: grid
            ).text)
    }
}
