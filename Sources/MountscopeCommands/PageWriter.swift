import Contention
import Recording
import Report
import SystemCalls

/// Puts a recorded run into one HTML file.
struct PageWriter {
    let file: Textfile

    /// - Parameter path: of the file; what it holds is replaced.
    /// - Throws: `SystemFailure` where it cannot be made.
    init(path: String) throws { file = try Textfile(path: path) }

    /// - Parameter run: the run's folder.
    /// - Throws: `RunReadError` or `SystemFailure`; the file then is as it was.
    func write(_ run: String) throws {
        let reader = try RunReader(run)
        let totals = try reader.totals()
        var grid = CPUGrid(totals, isSparse: reader.run.isSparse)
        var rows = try reader.intervals()
        while try rows.next() { grid.add(rows.record, rows.series[rows.record.series]) }
        try file.replace(with: RunPage(ReportedRun(reader.run, totals: totals), grid: grid).text)
    }
}
