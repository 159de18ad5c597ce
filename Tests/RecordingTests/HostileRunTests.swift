import Contention
import Glibc
import JSON
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

/// Runs that somebody made to hurt who reads them.
@Suite("A run of a stranger") struct HostileRunTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }

    init() throws { temporary = try TemporaryFolder() }

    private func write(_ intervals: Int = 2, end: RunEnd? = .finished) throws {
        var run = SmallRun()
        for _ in 0..<intervals { run.addInterval() }
        try run.write(to: path, end: end)
    }

    private func reason(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return (error as? RunReadError)?.reason }
        return nil
    }

    @Test(
        "pipes, devices and folders in the place of files are errors at once",
        arguments: ["run.json", "intervals.csv", "hist.csv"])
    func noRegularFiles(name: String) throws {
        try write()
        for make in [{ mkfifo($0, 0o644) }, { symlink("/dev/zero", $0) }, { mkdir($0, 0o755) }] as [(String) -> Int32] {
            unlink("\(path)/\(name)")
            rmdir("\(path)/\(name)")
            _ = make("\(path)/\(name)")
            #expect(reason { _ = try RunReader(path).totals() } == "is no regular file")
        }
    }

    @Test("a run.json of more than 16 MiB, or of more than a million values, is refused by its number")
    func largeDescription() throws {
        try write()
        truncate("\(path)/run.json", 400_000_000_000)
        #expect(reason { _ = try RunReader(path) } == "is longer than 16777216 bytes")
        try FileDescriptor.open("\(path)/run.json", O_WRONLY | O_TRUNC)
            .write(Array(("[" + String(repeating: "0,", count: 1_000_000) + "0]").utf8))
        #expect(reason { _ = try RunReader(path) }?.hasSuffix("more than 1000000 values") == true)
    }

    @Test("a run without an end whose rows are a hole of 400 GB is an error, read in a few pages")
    func hole() throws {
        try write(end: nil)
        truncate("\(path)/intervals.csv", 400_000_000_000)
        #expect(reason { _ = try RunReader(path).totals() } == "its last row is longer than 1048576 bytes")
    }

    @Test("ten thousand series with a row of CPU 8191 take the memory of ten thousand rows")
    func sparseCPUs() throws {
        try write(end: nil)
        let text = try temporary.read("run/run.json").replacingOccurrences(
            of: "\"cpus_possible\": 3", with: "\"cpus_possible\": 8192")
        let json = try JSONValue.parse(Array(text.utf8))
        try temporary.write(
            json.formatted.replacingOccurrences(of: "\"crc32\": \"", with: "\"old\": \""), to: "run/run.json")
        let lines = try temporary.read("run/intervals.csv").split(separator: "\n")
        var cells = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var rows = [String(lines[0])]
        let names = lines[0].split(separator: ",").map(String.init)
        let column = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        for number in 0..<9_999 {
            cells[column["lock"] ?? 0] = "mount_lock"
            cells[column["metric"] ?? 0] = "write_acquires"
            cells[column["site"] ?? 0] = "f\(number)"
            cells[column["count"] ?? 0] = "1"
            for (scope, cpu) in [("all", ""), ("cpu", "8191")] {
                cells[column["scope"] ?? 0] = scope
                cells[column["cpu"] ?? 0] = cpu
                cells[column["lost"] ?? 0] = ""
                rows.append(cells.joined(separator: ","))
            }
        }
        rows.append(
            String(lines.last { $0.contains("lost_events") } ?? "").replacingOccurrences(of: ",2,", with: ",1,"))
        try temporary.write(rows.joined(separator: "\n") + "\n", to: "run/intervals.csv")
        try temporary.write(
            String(try temporary.read("run/hist.csv").split(separator: "\n")[0]) + "\n", to: "run/hist.csv")
        let before = try residentBytes()
        let problem = reason {
            let totals = try RunReader(path).totals()
            #expect(totals.series.allSatisfy { $0.cpus.count <= 1 })
        }
        #expect(try residentBytes() - before < 200_000_000, "\(problem ?? "")")
    }

    @Test("buckets that are missing in a run without checksums are found by the counts of both files")
    func missingBuckets() throws {
        try write(8, end: nil)
        #expect(try RunReader(path).totals().intervals == 8)
        let lines = try temporary.read("run/hist.csv").split(separator: "\n")
        #expect(lines.count > 10)
        try temporary.write(lines.prefix(3).joined(separator: "\n") + "\n", to: "run/hist.csv")
        #expect(reason { _ = try RunReader(path).totals() }?.contains("hist.csv has") == true)
    }

    @Test("a report of the command that is too long or too deep is no report")
    func workloadReports() throws {
        let slot = try WorkloadSlot()
        let place = String(slot.environment.drop { $0 != "=" }.dropFirst())
        func leave(_ text: String) throws { try FileDescriptor.open(place, O_WRONLY | O_TRUNC).write(Array(text.utf8)) }
        try leave("{\"a\": [1]}")
        #expect(try slot.content() == .object(["a": .array([.integer(1)])]))
        try leave("{\"a\": " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}")
        #expect(try slot.content() == nil)
        try FileDescriptor.open(place, O_WRONLY).truncate(to: 4_000_000_000)
        #expect(try slot.content() == nil)
        let deepest = "{\"a\": " + String(repeating: "[", count: 31) + String(repeating: "]", count: 31) + "}"
        try leave(deepest)
        let content = try #require(try slot.content())
        #expect(try JSONValue.parse(Array(JSONValue.object(["workload": content]).formatted.utf8)) != .null)
    }

    @Test("what is no slot is never emptied, nor what takes a slot's place while it is looked at")
    func slots() throws {
        try temporary.write("precious", to: "precious")
        let precious = "\(temporary.path)/precious"
        #expect(try WorkloadSlot.open(precious) == nil)
        let slot = try WorkloadSlot()
        let place = String(slot.environment.drop { $0 != "=" }.dropFirst())
        let link = "\(temporary.path)/link"
        symlink(place, link)
        let file = try WorkloadSlot.open(link) {
            unlink(link)
            symlink(precious, link)
        }
        try #require(file).truncate(to: 0)
        #expect(try temporary.read("precious") == "precious")
        mkfifo("\(temporary.path)/pipe", 0o600)
        #expect(try WorkloadSlot.open("\(temporary.path)/pipe") == nil)
    }

    private func residentBytes() throws -> Int {
        let pages = try readText("/proc/self/statm").split(separator: " ")
        return (Int(pages[1]) ?? 0) * 4096
    }
}

extension String {
    fileprivate func replacingOccurrences(of old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
