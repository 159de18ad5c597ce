import Foundation
import Testing

/// Makes a folder for the time of the call.
func withScratchFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mountscope-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            Issue.record("\(folder) is left behind: \(error)")
        }
    }
    try body(folder)
}

/// A run folder, read without mountscope's own code.
struct RecordedRun {
    let description: [String: Any]
    let intervals: CSVFile
    let histograms: CSVFile

    init(_ folder: String) throws {
        let data = try Data(contentsOf: URL(filePath: "\(folder)/run.json"))
        description = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        intervals = try CSVFile("\(folder)/intervals.csv")
        histograms = try CSVFile("\(folder)/hist.csv")
    }

    /// Why the run ended.
    var endReason: String? { (description["end"] as? [String: Any])?["reason"] as? String }

    /// The attach table.
    func attachTable() throws -> [ProbeRow] {
        try #require(description["attach"] as? [[String: Any]]).map { try ProbeRow($0) }
    }

    /// The machine's count of a series over all intervals.
    func total(_ series: String) throws -> Int {
        try intervals.rows.filter { $0.series == series && $0["scope"] == "all" }
            .reduce(0) { $0 + (try #require(Int($1["count"] ?? ""))) }
    }
}

/// A row of the attach table, of run.json or of `probe --format json`.
struct ProbeRow: Equatable {
    let series: String
    let mode: String
    let reason: String

    init(_ json: [String: Any]) throws {
        func text(_ name: String) throws -> String { try #require(json[name] as? String) }
        series = "\(try text("lock")).\(try text("metric"))[\(try text("site"))]"
        mode = try text("mode")
        reason = try text("reason")
    }
}

/// A CSV file without quoted cells.
struct CSVFile {
    struct Row {
        private let cells: [String: String]

        init(_ names: [String], _ cells: [String]) {
            self.cells = Dictionary(uniqueKeysWithValues: zip(names, cells))
        }

        /// A cell; nil for a column that is not there.
        subscript(_ column: String) -> String? { cells[column] }

        /// `mount_lock.read_retries[walk]`
        var series: String { "\(self["lock"] ?? "").\(self["metric"] ?? "")[\(self["site"] ?? "")]" }
    }

    let rows: [Row]
    /// Whole lines whose number of cells is not the header's.
    let tornLines: [String]
    /// Bytes behind the last LF.
    let bytesBehindLastLine: Int

    init(_ path: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: path))
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        bytesBehindLastLine = lines.removeLast().utf8.count
        let table = lines.map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = try #require(table.first)
        tornLines = zip(lines, table).filter { $0.1.count != header.count }.map(\.0)
        rows = table.dropFirst().filter { $0.count == header.count }.map { Row(header, $0) }
    }
}
