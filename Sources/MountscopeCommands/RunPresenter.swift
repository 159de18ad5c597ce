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
    /// What actors are joined by, where the run is to be shown by actor.
    var grouping: WhoGrouping?

    /// - Throws: `RunReadError`, or what `write` throws.
    func present(_ paths: [String], write: ([UInt8]) throws -> Void) throws {
        if let grouping { return try present(paths, by: grouping, write: write) }
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

    private func present(_ paths: [String], by grouping: WhoGrouping, write: ([UInt8]) throws -> Void) throws {
        for (index, path) in paths.enumerated() {
            let run = try ReportedRun(path, window)
            if let rows = format.rows {
                try write(rows.who(try RunReader(path).run, run.records, by: grouping, isFirst: index == 0))
            } else {
                let text = WhoReport(run, by: grouping).text(width: width)
                try write(Array((index == 0 ? text : "\n" + text).utf8))
            }
        }
    }

    private func text(_ paths: [String]) throws -> String {
        let runs = try paths.map { try ReportedRun($0, window) }
        if let run = runs.first, runs.count == 1 { return RunReport(run).text(width: width) }
        return RunsReport(runs).text(width: width)
    }
}

extension ReportedRun {
    /// Reads a run.
    /// - Parameter byCPU: whether it is followed what happened on each CPU.
    /// - Throws: `RunReadError`.
    init(_ path: String, _ window: RunWindow = .whole, byCPU: Bool = false) throws {
        let reader = try RunReader(path, window: window)
        let totals = try reader.totals(byCPU: byCPU)
        self.init(
            reader.run, totals: totals, records: try reader.records(totals.intervals, skipping: totals.skipped),
            passedOver: try reader.passedOver())
    }

    /// A run that was read.
    init(_ run: RecordedRun, totals: RunTotals, records: RecordTotals, passedOver: [String]) {
        self.init(
            path: run.path, identifier: run.description.id, toolVersion: run.description.toolVersion,
            host: run.description.host, attachTable: run.description.attachTable, reasons: run.reasons,
            command: ReportedRun.command(run), ending: run.end?.end.words ?? "cut short, or still running",
            plannedInterval: run.description.plan.interval, totals: totals,
            records: records, passedOver: passedOver)
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
