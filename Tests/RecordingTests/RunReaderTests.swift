import Contention
import Glibc
import JSON
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

@Suite struct RunReaderTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }

    init() throws { temporary = try TemporaryFolder() }

    private func totals() throws -> RunTotals { try RunReader(path).totals() }

    private func record(_ count: Int, end: RunEnd? = .finished) throws -> SmallRun {
        var run = SmallRun()
        for _ in 0..<count { run.addInterval() }
        try run.write(to: path, end: end)
        return run
    }

    /// Rewrites a file of a run that has no checksums.
    private func edit(_ name: String, _ change: (String) -> String) throws {
        let lines = change(try temporary.read("run/\(name)")).split(separator: "\n")
            .map {
                $0.contains("\"crc32\": \"") && name == "run.json" && !$0.contains("bytes") ? "\"crc32\": null" : $0
            }
        try temporary.write(lines.joined(separator: "\n") + "\n", to: "run/\(name)")
    }

    @Test("a run read back sums to what was recorded")
    func aRunReadBackSumsToWhatWasRecorded() throws {
        let run = try record(5)
        let totals = try self.totals()
        #expect(totals.intervals == 5)
        #expect(totals.elapsed == run.intervals.reduce(0) { $0 + $1.elapsed })
        #expect(totals.series.map(\.name) == SmallRun.keys.map { SeriesName($0) })
        for key in SmallRun.keys where key.metric != .cpusOnline {
            let total = try #require(totals[key])
            #expect(total.count == run.sum(key)?.count)
            #expect(total.nanoseconds == run.sum(key)?.nanoseconds)
            #expect(total.share == run.sum(key)?.share)
            #expect(total.histogram == run.sum(key)?.histogram)
        }
        #expect(totals[.init(.cpusOnline)]?.count == 3)
        #expect(totals[SmallRun.keys[3]]?.mode == .unavailable)
        #expect(totals[SmallRun.keys[3]]?.unknownIntervals == 5)
    }

    @Test("CPUs are summed apart")
    func cpusAreSummedApart() throws {
        let run = try record(4)
        let totals = try self.totals()
        for key in [SeriesKey(.readRetries, site: "walk"), SeriesKey(.readHold, site: "mountinfo")] {
            let cpus = try #require(totals[key]?.cpus)
            for cpu in 0..<3 {
                let expected = Delta.sum(run.intervals.map { $0[key]?.byCPU[cpu] })
                #expect(cpus[cpu]?.count == expected?.count)
                #expect(cpus[cpu]?.nanoseconds == expected?.nanoseconds)
            }
        }
        let share = Delta.sum(run.intervals.map { $0[SeriesKey(.writeDuty)]?.byCPU[1] })?.share
        #expect(totals[SeriesKey(.writeDuty)]?.cpus[1]?.share == share)
    }

    @Test("run.json is read back as it was written")
    func runJSONIsReadBackAsItWasWritten() throws {
        _ = try record(2)
        let run = try RunReader(path).run
        #expect(run.description == SmallRun.description(10_000_000_000))
        #expect(run.end?.end == .finished)
        #expect(run.end?.intervals == 2)
        #expect(!run.isNewer)
        #expect(run.reasons == [SmallRun.keys[3]: "not here"])
    }

    @Test("a killed run has its whole intervals, wherever the file was cut")
    func aKilledRunHasItsWholeIntervalsWhereverTheFileWasCut() throws {
        let run = try record(2, end: nil)
        let text = try temporary.read("run/intervals.csv")
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        let header = rows[0].utf8.count + 1
        let firstEnd = rows.prefix {
            !$0.contains(",2,1200") && !$0.hasPrefix("00000000-0000-4000-8000-000000000000,2,")
        }
        .reduce(0) { $0 + $1.utf8.count + 1 }
        for length in Self.cuts(rows.map(\.utf8.count)) where length >= header {
            try truncate(length)
            let totals = try self.totals()
            let whole = length == text.utf8.count ? 2 : length >= firstEnd ? 1 : 0
            #expect(totals.intervals == whole)
            for key in SmallRun.keys where whole > 0 && key.metric != .cpusOnline {
                #expect(totals[key]?.count == run.sum(key, first: whole)?.count)
                #expect(totals[key]?.histogram == run.sum(key, first: whole)?.histogram)
            }
        }
        for length in stride(from: header - 1, through: 0, by: -1) {
            try truncate(length)
            #expect(throws: RunReadError.self) { try self.totals() }
        }
    }

    /// Lengths to cut a file to, the longest first: every byte of the first and the last two rows, and of each other row where it
    /// begins and ends, and one in its middle. Elsewhere in a row a cut leaves what one in its middle leaves.
    /// - Parameter rows: bytes of each line, without its end; the last is what follows the last end.
    private static func cuts(_ rows: [Int]) -> [Int] {
        var cuts: Set<Int> = []
        var start = 0
        for (index, row) in rows.enumerated() {
            let isWhole = index < 2 || index >= rows.count - 3
            for place in 0...row where isWhole || place < 2 || place > row - 2 || place == row / 2 {
                cuts.insert(start + place)
            }
            start += row + 1
        }
        return cuts.sorted(by: >)
    }

    private func truncate(_ length: Int) throws {
        try FileDescriptor.open("\(path)/intervals.csv", O_WRONLY).truncate(to: length)
    }

    @Test("a run that ended and was cut afterwards is an error")
    func aRunThatEndedAndWasCutAfterwardsIsAnError() throws {
        _ = try record(1)
        let length = try temporary.read("run/intervals.csv").utf8.count
        try truncate(length - 1)
        #expect(
            throws: RunReadError(path: "\(path)/intervals.csv", reason: "\(length - 1) bytes, run.json says \(length)")
        ) { try self.totals() }
    }

    @Test("a run that failed in the middle of an interval has those before it")
    func aRunThatFailedInTheMiddleOfAnIntervalHasThoseBeforeIt() throws {
        var run = SmallRun()
        for _ in 0..<3 { run.addInterval() }
        let writer = try RunWriter(
            folder: RunFolder(path: path, force: false), description: SmallRun.description(run.start))
        try writer.publish()
        for interval in run.intervals.prefix(2) { try writer.append(interval) }
        var rows = CSVRows()
        IntervalTable.append(
            run.intervals[2], run: "00000000-0000-4000-8000-000000000000", onlineCPUs: [0, 1, 2], to: &rows)
        try writer.rows.file(RunFolder.intervals)?.append(CSVRows(rows, first: 5))
        try writer.close(.failed(message: "no space"), command: nil)
        let totals = try self.totals()
        #expect(totals.intervals == 2)
        #expect(totals[SmallRun.keys[0]]?.count == run.sum(SmallRun.keys[0], first: 2)?.count)
    }

    @Test("columns in another order and columns nobody knows are passed over")
    func columnsInAnotherOrderAndColumnsNobodyKnowAreReadAndPassedOver() throws {
        let run = try record(2, end: nil)
        try edit("intervals.csv") { text in
            text.split(separator: "\n").map { line in
                var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let isHeader = cells[0] == "run_id"
                cells.append(cells.removeFirst())
                cells.insert(isHeader ? "weather" : "\"rain, \"\"heavy\"\"\"", at: 10)
                return cells.joined(separator: ",") + "\n"
            }.joined()
        }
        let totals = try self.totals()
        for key in SmallRun.keys where key.metric != .cpusOnline { #expect(totals[key]?.count == run.sum(key)?.count) }
    }

    @Test("tables and columns of a later version are passed over, and are told of")
    func whatALaterVersionHasIsToldOf() throws {
        _ = try record(2)
        #expect(try RunReader(path).passedOver() == [])
        try edit("hist.csv") { text in
            text.split(separator: "\n").enumerated().map { "\($1),\($0 == 0 ? "weather" : "rain")\n" }.joined()
        }
        let length = try temporary.read("run/hist.csv").utf8.count
        var lines = try temporary.read("run/run.json").split(separator: "\n").map(String.init)
        let hist = try #require(lines.firstIndex { $0.contains("\"name\": \"hist.csv\"") })
        lines[hist + 1] = "\"bytes\": \(length),"
        let own = try #require(lines.lastIndex { $0.contains("\"crc32\"") })
        lines[own] = "\"crc32\": null"
        let files = try #require(lines.firstIndex { $0.contains("\"files\": [") })
        lines.insert("{\"name\": \"tides.csv\", \"bytes\": 1, \"crc32\": \"00000000\"},", at: files + 1)
        try temporary.write(lines.joined(separator: "\n") + "\n", to: "run/run.json")
        #expect(
            try RunReader(path).passedOver() == [
                "tides.csv is a table that this version does not know; it was passed over",
                "hist.csv has columns that this version does not know; they were passed over: weather",
            ])
    }

    @Test(
        "a file is a part of a table by its name",
        arguments: [
            ("intervals.csv", true), ("hist-2.csv", true), ("hist-x.csv", false), ("intervals-.csv", false),
            ("actors.csv", true), ("actress.csv", false), ("intervals.json", false), ("historic.csv", false),
        ])
    func parts(file: String, isKnown: Bool) { #expect(RunTables.knows(file) == isKnown) }

    @Test("a newer minor version may know more series, this one may not")
    func aNewerMinorVersionMayKnowMoreSeriesThisOneMayNot() throws {
        _ = try record(2, end: nil)
        let before = try self.totals()
        try edit("intervals.csv") { text in
            text.split(separator: "\n").map { line in
                let isSections = line.contains(",write_sections,")
                let copy =
                    isSections ? line.split(separator: ",write_sections,").joined(separator: ",moon_phase,") + "\n" : ""
                return copy + line + "\n"
            }.joined()
        }
        #expect(throws: RunReadError.self) { try self.totals() }
        let minor = RunDescription.schemaMinor
        try edit("run.json") { $0.replacing("\"schema_minor\": \(minor)", with: "\"schema_minor\": \(minor + 1)") }
        let totals = try self.totals()
        #expect(totals.series.count == before.series.count + 1)
        #expect(totals[SeriesName(lock: "mount_lock", metric: "moon_phase")]?.count == before.series[0].count)
    }

    @Test("a run of the minor version before is read, its only interval too when it was killed")
    func aRunOfTheMinorVersionBeforeIsRead() throws {
        let run = try record(1, end: nil)
        let minor = RunDescription.schemaMinor
        try edit("run.json") { $0.replacing("\"schema_minor\": \(minor)", with: "\"schema_minor\": \(minor - 1)") }
        let reader = try RunReader(path)
        #expect(reader.run.schemaMinor == minor - 1 && !reader.run.isNewer)
        let totals = try reader.totals()
        #expect(totals.intervals == 1)
        #expect(totals[SeriesKey(.writeSections)]?.count == run.sum(SeriesKey(.writeSections))?.count)
    }

    @Test("which CPUs lie together is read back; a run of an earlier version does not know it; a CPU twice is refused")
    func topology() throws {
        _ = try record(1, end: nil)
        #expect(try !RunReader(path).run.description.host.topology.isKnown)
        try edit("run.json") {
            $0.replacing(
                "\"topology\": null",
                with:
                    "\"topology\": {\"sockets\": [\"0-2\"], \"numa_nodes\": [], \"l3\": [\"0,2\", \"1\"], \"cores\": []}"
            )
        }
        let topology = try RunReader(path).run.description.host.topology
        #expect(topology == CPUTopology(sockets: [[0, 1, 2]], caches: [[0, 2], [1]]))
        let many = "[" + [String](repeating: "\"0-8191\"", count: 3).joined(separator: ",") + "]"
        try edit("run.json") { $0.replacing("[\"0-2\"]", with: many) }
        #expect(throws: RunReadError.self) { try RunReader(path) }
        try edit("run.json") { $0.replacing("\"topology\"", with: "\"of another time\"") }
        #expect(try !RunReader(path).run.description.host.topology.isKnown)
    }

    @Test("run.json of another schema is refused")
    func runJSONOfAnotherSchemaIsRefused() throws {
        _ = try record(1)
        try edit("run.json") { $0.replacing("\"schema_version\": 1", with: "\"schema_version\": 2") }
        #expect(throws: RunReadError.self) { try RunReader(path) }
        try edit("run.json") { $0.replacing("mountscope.run", with: "other.run") }
        #expect(throws: RunReadError.self) { try RunReader(path) }
    }

    @Test("a folder that is no run says what to give")
    func aFolderThatIsNoRunSaysWhatToGive() throws {
        do {
            _ = try RunReader("\(temporary.path)/none")
            Issue.record("read it")
        } catch {
            #expect(error.message.hasSuffix("none/run.json\": cannot be read: No such file or directory (errno 2)"))
            #expect(error.hint == "give the folder of a run, as `record -o` made it")
        }
    }

    @Test("sums that 64 bits do not hold are an error")
    func sumsThat64BitsDoNotHoldAreAnError() throws {
        _ = try record(2, end: nil)
        try edit("intervals.csv") { text in
            text.split(separator: "\n").map { line in
                var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if cells[6] == "write_sections" { cells[10] = String(UInt64.max) }
                return cells.joined(separator: ",") + "\n"
            }.joined()
        }
        do {
            _ = try self.totals()
            Issue.record("added them")
        } catch let error as RunReadError {
            #expect(error.reason == "the sum of mount_lock.write_sections is more than 64 bits hold")
        }
    }
}
