import Contention
import Recording
import Report
import SystemCalls

/// Puts recorded runs, or a comparison of them, into one HTML file, or on standard output.
struct PageWriter {
    let destination: TextDestination

    /// - Parameters:
    ///   - path: of the file, whose content is replaced; `-` for standard output.
    ///   - runs: the folders that are read: none of their files is written to.
    /// - Throws: `SystemFailure` where it cannot be made; `OutputRefusal`.
    init(path: String, reading runs: [String]) throws {
        destination = try TextDestination(path)
        try RunInputs(runs).check(destination)
    }

    /// Writes one run whole, or several side by side.
    /// - Parameters:
    ///   - runs: the folders of one run or more.
    ///   - window: the part of each that is shown.
    /// - Throws: `RunReadError` or `SystemFailure`; the file then is as it was.
    func write(_ runs: [String], _ window: RunWindow = .whole) throws {
        if let run = runs.first, runs.count == 1 {
            return try destination.put(RunPage(try ReportedRun(run, window, byCPU: true)).text)
        }
        try destination.put(RunsPage(try runs.map { try ReportedRun($0, window) }).text)
    }

    /// Writes a comparison.
    /// - Throws: `SystemFailure`; the file then is as it was.
    func write(_ comparison: Comparison) throws { try destination.put(ComparisonPage(comparison).text) }
}
