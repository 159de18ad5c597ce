import Contention
import Glibc
import RecordingFixture
import Testing

@testable import Recording

@Suite("Exports: rows of runs with what is derived") struct ExportTests {
    private let temporary: TemporaryFolder
    private let derived = ["label", "kernel", "unit", "rate", "time_share", "mean"]

    init() throws { temporary = try TemporaryFolder() }

    private func run(_ name: String, sparse: Bool = false) throws -> RunReader {
        var run = SmallRun(seed: 5)
        for index in 0..<8 { run.addInterval(isIdle: index % 4 > 0) }
        var options = RunWriter.Options()
        options.isSparse = sparse
        try run.write(to: "\(temporary.path)/\(name)", options: options)
        return try RunReader("\(temporary.path)/\(name)")
    }

    private func intervals(_ reader: RunReader, _ format: RowFormat = .csv) throws -> [String] {
        var bytes: [UInt8] = []
        try format.intervals(of: reader, isFirst: true) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func totals(_ reader: RunReader) throws -> [[String: String]] {
        table(
            String(decoding: RowFormat.csv.totals(reader.run, try reader.totals(), isFirst: true), as: UTF8.self)
                .split(separator: "\n").map(String.init))
    }

    private func table(_ lines: [String]) -> [[String: String]] {
        func cells(_ line: String) -> [String] {
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map {
            Dictionary(zip(cells(lines[0]), cells($0))) { _, _ in fatalError("a column twice") }
        }
    }

    @Test("the columns of sums keep their names and order, and end with what is derived")
    func columnsOfSums() {
        let names = TotalsRow.columns.map(\.name)
        #expect(
            names.prefix(28).joined(separator: ",")
                == "run_id,run,hostname,kernel_release,start,elapsed_ns,intervals,end,lock,metric,site,scope,cpu,count,"
                + "sum_ns,max_ns,p50_ns,p90_ns,p99_ns,mode,lost,out_of,repeats,share,share_lo,share_hi,known_ns,"
                + "unknown_intervals")
        #expect(Array(names.dropFirst(28)) == derived)
    }

    @Test("rows of intervals begin with the file's own bytes, and end with the run and what is derived")
    func rowsOfIntervals() throws {
        let reader = try run("whole")
        let lines = try intervals(reader)
        let file = try temporary.read("whole/intervals.csv").split(separator: "\n").map(String.init)
        #expect(lines.count == file.count && file.count > 100)
        for (line, expected) in zip(lines, file) { #expect(line.hasPrefix(expected + ",")) }
        #expect(RecordedRow.columns.map(\.name) == IntervalTable.table.columns.map(\.name) + ["run"] + derived)
        #expect(lines[1].contains(",\(temporary.path)/whole,"))
        #expect(try intervals(reader, .ndjson).count == file.count - 1)
    }

    @Test("of a sparse run the rows that were left out are there, but for the samples of CPUs, which nobody knows")
    func rowsOfSparseIntervals() throws {
        func known(_ reader: RunReader, _ name: String) throws -> [String] {
            try intervals(reader).filter { !$0.contains(",write_duty,,cpu,") }.map {
                $0.replacing("/\(name),", with: "/,")
            }
        }
        let sparse = try run("sparse", sparse: true)
        let whole = try known(try run("whole"), "whole")
        #expect(try known(sparse, "sparse") == whole)
        let file = try temporary.read("sparse/intervals.csv").split(separator: "\n").count
        #expect(try intervals(sparse).count > file)
    }

    @Test("what strangers chose begins with nothing that a spreadsheet would run", arguments: RowFormat.allCases)
    func strangers(format: RowFormat) throws {
        var description = SmallRun.description(10_000_000_000)
        description.label = "=cmd()"
        var run = SmallRun()
        run.addInterval()
        let writer = try RunWriter(
            folder: RunFolder(path: "\(temporary.path)/named", force: false), description: description)
        try writer.publish()
        for interval in run.intervals { try writer.append(interval) }
        try writer.close(.finished, command: nil)
        let reader = try RunReader("\(temporary.path)/named")
        var bytes = format.totals(reader.run, try reader.totals(), isFirst: true)
        try format.intervals(of: reader, isFirst: true) { bytes += $0 }
        #expect(!String(decoding: bytes, as: UTF8.self).contains(",=cmd()"))
    }

    @Test("the unit tells events, samples and levels apart, and only events have a rate")
    func units() throws {
        let reader = try run("whole")
        for rows in [try totals(reader), table(try intervals(reader))] {
            for row in rows where row["count"] != "" {
                let unit = ["write_duty": "samples", "cpus_online": "level"][row["metric"] ?? ""] ?? "events"
                #expect(row["unit"] == unit && (row["rate"] != "") == (unit == "events"), "\(row)")
            }
        }
        #expect(Metric.allCases.filter { $0.countUnit == .samples }.allSatisfy { $0.isShareOfTime })
        #expect(Metric.writeCoverage.countUnit == .events && !Metric.writeCoverage.isShareOfTime)
        #expect(Metric.allCases.filter { $0.countUnit == .level }.map(\.name) == ["cpus_online"])
    }

    @Test("rate, share of time and mean are worked out from the row's own cells; what is unknown is empty")
    func values() throws {
        let reader = try run("whole")
        let rows = try totals(reader)
        let hold = try #require(rows.first { $0["metric"] == "read_hold" && $0["scope"] == "all" })
        let (count, sum, known) = (
            Double(hold["count"] ?? "")!, Double(hold["sum_ns"] ?? "")!, Double(hold["known_ns"] ?? "")!
        )
        #expect(abs(Double(hold["rate"] ?? "")! - count * 1e9 / known) < 1e-9)
        #expect(abs(Double(hold["time_share"] ?? "")! - sum / known) < 1e-8)
        #expect(abs(Double(hold["mean"] ?? "")! - sum / count) < 1e-9)
        let duty = try #require(rows.first { $0["metric"] == "write_duty" && $0["scope"] == "all" })
        #expect(duty["time_share"] == duty["share"] && duty["time_share"] != "" && duty["mean"] == "")
        for row in rows + table(try intervals(reader)) where row["count"] == "" {
            #expect(row["rate"] == "" && row["time_share"] == "" && row["mean"] == "")
        }
        #expect(rows.contains { $0["count"] == "" })
        #expect(rows.allSatisfy { $0["kernel"] == "6.12.107" && $0["label"] == "" })
    }

    @Test("holds of the two locks have one name, and the lock's column tells them apart")
    func locks() {
        let holds = Metric.allCases.filter { $0.name == "write_hold" }
        #expect(holds.map(\.subject.rawValue) == ["mount_lock", "namespace_sem"])
    }
}
