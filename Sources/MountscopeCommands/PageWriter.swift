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

    /// - Parameter run: the run's folder.
    /// - Throws: `RunReadError`, `OutputRefusal` or `SystemFailure`; the file then is as it was.
    func write(_ run: String) throws {
        try RunInputs([run]).check(destination)
        let reader = try RunReader(run)
        let totals = try reader.totals()
        var grid = CPUGrid(totals, isSparse: reader.run.isSparse)
        var rows = try reader.intervals()
        while try rows.next() { grid.add(rows.record, rows.series[rows.record.series]) }
        try destination.put(
            RunPage(
                ReportedRun(
                    reader.run, totals: totals, records: try reader.records(totals.intervals),
                    passedOver: try reader.passedOver()), grid: grid
            ).text)
    }
}
