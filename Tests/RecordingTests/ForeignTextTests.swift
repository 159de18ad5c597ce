import Contention
import Glibc
import JSON
import RecordingFixture
import SystemCalls
import Testing

@testable import Recording

/// Names, commands and sites that somebody else chose.
@Suite("Text of strangers") struct ForeignTextTests {
    private let temporary: TemporaryFolder
    private var path: String { "\(temporary.path)/run" }
    private static let hostile = "\u{1B}[2J\u{7}\r\n\u{9B}31m\u{202E}\u{2028}x"
    private static let harmless = "\\x1B[2J\\x07\\x0D\\x0A\\xC2\\x9B31m\\xE2\\x80\\xAE\\xE2\\x80\\xA8x"

    init() throws { temporary = try TemporaryFolder() }

    @Test("nothing that a terminal would obey is left of it, and what can be shown stands as it is")
    func visible() {
        #expect(EscapedBytes.visible(Self.hostile) == Self.harmless)
        #expect(EscapedBytes.visible("web-7 é \\n 日本") == "web-7 é \\n 日本")
        #expect(EscapedBytes.visibleLines("a\u{1B}\nb\r\n") == "a\\x1B\nb\\x0D\n")
    }

    @Test("what a run.json says about its host, its label and its command is read without control characters")
    func description() throws {
        var description = SmallRun.description(10_000_000_000)
        description.host.hostname = Self.hostile
        description.host.kernelRelease = Self.hostile
        description.label = Self.hostile
        description.command = ["echo", Self.hostile]
        let writer = try RunWriter(folder: RunFolder(path: path, force: false), description: description)
        try writer.publish()
        try writer.close(.failed(message: Self.hostile), command: nil)
        let run = try RunReader(path).run
        #expect(run.description.host.hostname == Self.harmless && run.description.host.kernelRelease == Self.harmless)
        #expect(run.description.label == Self.harmless && run.description.command == ["echo", Self.harmless])
        #expect(run.end?.end == .failed(message: Self.harmless))
    }

    @Test("label and command of an older run stand as they are, those of a newer one are bytes again")
    func minorVersions() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0x5C, 0x78, 0x34, 0x31]
        var description = SmallRun.description(10_000_000_000)
        description.label = EscapedBytes.text(bytes)
        description.command = ["printf", EscapedBytes.text(bytes)]
        let writer = try RunWriter(folder: RunFolder(path: path, force: false), description: description)
        try writer.publish()
        let new = try RunReader(path).run.description
        #expect(EscapedBytes.bytes(try #require(new.label)) == bytes)
        #expect(new.command.map(EscapedBytes.bytes) == [Array("printf".utf8), bytes])
        let text = try temporary.read("run/run.json")
        let older = text.split(separator: "\n").map { line in
            line.contains("\"schema_minor\"")
                ? "  \"schema_minor\": 2," : line.contains("\"crc32\": \"") ? "  \"crc32\": null" : line
        }
        try temporary.write(older.joined(separator: "\n") + "\n", to: "run/run.json")
        let old = try RunReader(path).run.description
        #expect(EscapedBytes.bytes(try #require(old.label)) == Array("a\\xFF\\x5Cx41".utf8))
    }

    @Test(
        "a cell that a spreadsheet would run is text, and its text comes back from the cell",
        arguments: [
            "=1+1", "+1", "-1", "@SUM(A1)", "'quoted'", "＝1", "plain", "", "a=b", "''", "-",
        ])
    func cells(text: String) {
        let cell = FreeText.cell(text)
        #expect(!["=", "+", "-", "@", "＝"].contains(String(cell.prefix(1))))
        #expect(FreeText.text(cell) == text)
    }

    @Test("the sums of a run as CSV have no cell that a spreadsheet would run, whatever the run says")
    func totals() throws {
        var description = SmallRun.description(10_000_000_000)
        description.host.hostname = "=cmd|' /C calc'!A0"
        description.host.kernelRelease = "@6.1"
        var run = SmallRun()
        run.addInterval()
        let writer = try RunWriter(folder: RunFolder(path: path, force: false), description: description)
        try writer.publish()
        try writer.append(run.intervals[0])
        try writer.close(.finished, command: nil)
        let reader = try RunReader(path)
        let rows = RowFormat.csv.totals(reader.run, try reader.totals(), isFirst: true)
        let text = String(decoding: rows, as: UTF8.self)
        #expect(text.contains(",'=cmd|' /C calc'!A0,'@6.1,"))
        #expect(!text.contains(",=") && !text.contains(",@") && !text.contains(",+"))
    }

    @Test("a command gets its arguments and its environment byte for byte")
    func arguments() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0x28, 0x1B, 0x5C, 0x78, 0x34, 0x31]
        let output = "\(temporary.path)/output"
        setenv("MOUNTSCOPE_TEST_BYTES", bytes.map { CChar(bitPattern: $0) } + [0], 1)
        defer { unsetenv("MOUNTSCOPE_TEST_BYTES") }
        let command = try ChildProcess([
            "sh", "-c", "printf %s \"$1$MOUNTSCOPE_TEST_BYTES\" >\(output)", "sh", EscapedBytes.text(bytes),
        ])
        try command.start()
        while try command.poll() == nil { usleep(5_000) }
        #expect(try readFile(output) == bytes + bytes)
    }
}
