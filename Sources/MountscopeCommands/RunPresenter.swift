import ArgumentParser
import Contention
import Recording
import Report
import Terminal

/// How recorded or live numbers are written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, csv, ndjson

    /// nil for text.
    var rows: RowFormat? {
        switch self {
        case .text: nil
        case .csv: .csv
        case .ndjson: .ndjson
        }
    }
}

/// Reads recorded runs and puts them into words or rows.
struct RunPresenter {
    let format: ReportFormat
    /// Characters a line of text may have.
    let width: Int
    /// Whether rows are of intervals and not of whole runs.
    var showsIntervals = false
    /// The part of each run that is shown.
    var window = RunWindow.whole

    /// - Throws: `RunReadError`, or what `write` throws.
    func present(_ paths: [String], write: ([UInt8]) throws -> Void) throws {
        guard let rows = format.rows else { return try write(Array(text(paths).utf8)) }
        for (index, path) in paths.enumerated() {
            let reader = try RunReader(path, window: window)
            guard !showsIntervals else {
                try rows.intervals(of: reader, isFirst: index == 0, write: write)
                continue
            }
            try write(rows.totals(reader.run, try reader.totals(), isFirst: index == 0))
        }
    }

    private func text(_ paths: [String]) throws -> String {
        let runs = try paths.map { path in
            let reader = try RunReader(path, window: window)
            return ReportedRun(reader.run, totals: try reader.totals(), passedOver: try reader.passedOver())
        }
        if let run = runs.first, runs.count == 1 { return RunReport(run).text(width: width) }
        return RunsReport(runs).text(width: width)
    }
}

extension ReportedRun {
    /// A run that was read.
    init(_ run: RecordedRun, totals: RunTotals, passedOver: [String]) {
        self.init(
            path: run.path, identifier: run.description.id, toolVersion: run.description.toolVersion,
            host: run.description.host, attachTable: run.description.attachTable, reasons: run.reasons,
            command: ReportedRun.command(run), ending: run.end?.end.words ?? "cut short, or still running",
            plannedInterval: run.description.plan.interval, totals: totals,
            passedOver: passedOver)
    }

    private static func command(_ run: RecordedRun) -> String? {
        guard !run.description.command.isEmpty else { return nil }
        let line = run.description.command.joined(separator: " ")
        switch run.end?.command {
        case .exited(let status): return "\(line) (exit status \(status))"
        case .killed(let signal): return "\(line) (ended by signal \(signal))"
        case nil: return line
        }
    }
}

extension RunEnd {
    /// `interrupted by SIGINT`
    var words: String {
        switch self {
        case .finished: "finished"
        case .interrupted(let signal): "interrupted by \(signal.rawValue)"
        case .commandExited: "the command has ended"
        case .failed(let message): "failed: \(message)"
        }
    }
}
