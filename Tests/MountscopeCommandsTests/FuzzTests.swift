import Contention
import Glibc
import JSON
import Recording
import RecordingFixture
import Report
import SystemCalls
import Terminal
import Testing

@testable import MountscopeCommands

/// A recorded run as bytes, and what it comes to.
struct Specimen {
    let files: [String: [UInt8]]
    let totals: RunTotals
    let folder: String
    let hasEnd: Bool
    /// Of the latest run that was read.
    private(set) var records = RecordTotals()

    init(in temporary: FuzzFolder, intervals: Int, hasEnd: Bool, isSparse: Bool = false) throws {
        var run = SmallRun(seed: 9)
        for index in 0..<intervals { run.addInterval(isIdle: index == 1) }
        run.addRecords()
        folder = "\(temporary.path)/run"
        var options = RunWriter.Options()
        options.isSparse = isSparse
        try run.write(to: folder, end: hasEnd ? .finished : nil, options: options)
        var files: [String: [UInt8]] = [:]
        for name in RunFolder.files { files[name] = try readFile("\(folder)/\(name)") }
        self.files = files
        self.hasEnd = hasEnd
        totals = try RunReader(folder).totals()
    }

    func bytes(_ name: String) -> [UInt8] { files[name] ?? [] }

    /// Reads the run with one file otherwise, through everything that shows runs.
    /// - Returns: nil for an error.
    mutating func read(_ name: String, _ bytes: [UInt8]) throws -> RunTotals? {
        try FileDescriptor.open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC).write(bytes)
        do {
            let reader = try RunReader(folder)
            let totals = try reader.totals()
            records = try reader.records(totals.intervals)
            return totals
        } catch { return nil }
    }

    /// Shows it in every way; what cannot be read is an error of its own kind.
    func show() throws {
        for format in ReportFormat.allCases {
            let reader = RunPresenter(format: format, width: 100)
            do { try reader.present([folder], write: { _ in }) } catch is RunReadError {}
            do { try reader.present([folder, folder], write: { _ in }) } catch is RunReadError {}
            for grouping in WhoGrouping.allCases {
                var reader = reader
                reader.grouping = grouping
                do { try reader.present([folder], write: { _ in }) } catch is RunReadError {}
            }
        }
        do {
            let replay = try Replay(try RunReader(folder).run, speed: nil, waiter: Impatient(), clock: { 0 })
            let null = try FileDescriptor.open("/dev/null", O_WRONLY)
            let host = replay.run.description.host
            let report = LiveReport(host: host)
            var engine = LiveEngine(replay, display: LogDisplay(report, cpus: host.cpus, Output(null.number)))
            try engine.run()
        } catch is RunReadError {}
    }

    mutating func restore(_ name: String) throws { _ = try read(name, bytes(name)) }
}

struct Impatient: Waiter {
    func wait(until deadline: UInt64) -> Wakeup { .deadline }
}

/// A folder of its own for one run.
final class FuzzFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/mountscope-fuzz-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno.current }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in RunFolder.files { unlink("\(path)/run/\(name)") }
        rmdir("\(path)/run")
        rmdir(path)
    }
}

/// The same numbers in every run of the tests.
struct Numbers {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, limit)))
    }
}

/// Damaged runs: an error or the right answer, never a crash and never a sum that is silently wrong.
///
/// With MOUNTSCOPE_FUZZ=all in the environment every length is cut to, every bit is flipped and twenty times as many mangled
/// runs are shown; otherwise a sample. The counts are printed.
///
/// The tests have folders of their own and run side by side.
@Suite struct FuzzTests {
    private let temporary: FuzzFolder
    private let isExhaustive = getenv("MOUNTSCOPE_FUZZ").map { String(cString: $0) == "all" } ?? false

    init() throws { temporary = try FuzzFolder() }

    @Test("a run that ended and was cut anywhere is an error", arguments: RunFolder.files)
    func aRunThatEndedAndWasCutAnywhereIsAnError(name: String) throws {
        var specimen = try Specimen(in: temporary, intervals: 3, hasEnd: true)
        let bytes = specimen.bytes(name)
        for length in stride(from: 0, to: bytes.count, by: isExhaustive ? 1 : 17) {
            #expect(try specimen.read(name, Array(bytes[..<length])) == nil)
        }
        print("fuzz: truncations of \(name), \(bytes.count) bytes, of a run that ended: all errors")
    }

    @Test("a run that was cut short anywhere has its whole intervals", arguments: [false, true])
    func aRunThatWasCutShortAnywhereHasItsWholeIntervals(isSparse: Bool) throws {
        var specimen = try Specimen(in: temporary, intervals: 4, hasEnd: false, isSparse: isSparse)
        let bytes = specimen.bytes("intervals.csv")
        var expected: [RunTotals] = []
        var (right, errors) = (0, 0)
        for length in stride(from: bytes.count, through: 0, by: isExhaustive ? -1 : -19) {
            guard let totals = try specimen.read("intervals.csv", Array(bytes[..<length])) else {
                errors += 1
                // Only the header can be missing.
                #expect(length <= 200)
                continue
            }
            // The sums of each number of intervals are those of its longest prefix, which ends with its last row.
            if totals.intervals < expected.last?.intervals ?? .max { expected.append(totals) }
            #expect(totals == expected.last)
            right += 1
        }
        #expect(expected.first == specimen.totals)
        #expect(expected.map(\.intervals) == [4, 3, 2, 1, 0])
        print("fuzz: \(right + errors) truncations of a run that was cut short: \(right) right, \(errors) errors")
    }

    @Test("a flipped bit in a run that ended is an error", arguments: RunFolder.files)
    func aFlippedBitInARunThatEndedIsAnError(name: String) throws {
        var specimen = try Specimen(in: temporary, intervals: 2, hasEnd: true)
        var bytes = specimen.bytes(name)
        var (errors, right) = (0, 0)
        for index in bytes.indices {
            for bit in 0..<8 where isExhaustive || (index * 3 + bit) % 64 == 0 {
                bytes[index] ^= 1 << UInt8(bit)
                if let totals = try specimen.read(name, bytes) {
                    // A name that this version does not ask for.
                    #expect(totals == specimen.totals)
                    right += 1
                } else {
                    errors += 1
                }
                bytes[index] ^= 1 << UInt8(bit)
            }
        }
        // Nothing but the name of run.json's own checksum.
        #expect(right <= (name == "run.json" ? 5 * 8 : 0))
        print("fuzz: \(errors + right) flipped bits in \(name): \(errors) errors, \(right) right")
    }

    @Test("a flipped bit in a run that was cut short never changes a sum over CPUs silently")
    func aFlippedBitInARunThatWasCutShortNeverChangesASumOverCPUsSilently() throws {
        var specimen = try Specimen(in: temporary, intervals: 3, hasEnd: false)
        let keys = [SeriesKey(.readRetries, site: "walk"), SeriesKey(.readHold, site: "mountinfo")]
        var bytes = specimen.bytes("intervals.csv")
        var (errors, read) = (0, 0)
        for index in bytes.indices {
            for bit in 0..<8 where isExhaustive || (index * 3 + bit) % 64 == 0 {
                bytes[index] ^= 1 << UInt8(bit)
                if let totals = try specimen.read("intervals.csv", bytes), totals.intervals == 3 {
                    for key in keys {
                        #expect(totals[key]?.count == specimen.totals[key]?.count)
                        #expect(totals[key]?.nanoseconds == specimen.totals[key]?.nanoseconds)
                    }
                    read += 1
                } else {
                    errors += 1
                }
                bytes[index] ^= 1 << UInt8(bit)
            }
        }
        print("fuzz: \(errors + read) flipped bits of a run without checksums: \(errors) errors or fewer intervals")
    }

    @Test("mangled rows never crash what shows them")
    func mangledRowsNeverCrashWhatShowsThem() throws {
        var specimen = try Specimen(in: temporary, intervals: 2, hasEnd: false)
        var numbers = Numbers(state: 3)
        let snippets = [
            "", ",", "\"", "\n", "\r\n", "-1", "18446744073709551615", "18446744073709551616", "9223372036854775807",
            "1e308", "nan", "\"\"", "0", "\u{0}", "é", "0x10", " ", ",,,,", "\"a\nb\"", "4611686018427387904",
        ].map { Array($0.utf8) }
        let tables = RunFolder.files.filter { $0.hasSuffix(".csv") }
        var (errors, read) = (0, 0)
        for round in 0..<(isExhaustive ? 6_000 : 300) {
            let name = round % 2 == 0 ? "intervals.csv" : tables[numbers.next(below: tables.count)]
            var rows = specimen.bytes(name).split(separator: UInt8(ascii: "\n")).map(Array.init)
            for _ in 0...numbers.next(below: 3) { mangle(&rows, &numbers, snippets) }
            let bytes =
                Array(rows.joined(separator: [UInt8(ascii: "\n")])) + (round % 5 == 0 ? [] : [UInt8(ascii: "\n")])
            if try specimen.read(name, bytes) == nil { errors += 1 } else { read += 1 }
            try specimen.show()
            try specimen.restore(name)
        }
        #expect(errors > 0)
        print("fuzz: \(errors + read) runs with mangled rows: \(errors) errors, \(read) read")
    }

    private func mangle(_ rows: inout [[UInt8]], _ numbers: inout Numbers, _ snippets: [[UInt8]]) {
        let row = numbers.next(below: rows.count)
        let other = numbers.next(below: rows.count)
        let place = numbers.next(below: rows[row].count)
        switch numbers.next(below: 6) {
        case 0: rows.swapAt(row, other)
        case 1: rows.insert(rows[row], at: other)
        case 2: if rows.count > 1 { rows.remove(at: row) }
        case 3: rows[row].insert(contentsOf: snippets[numbers.next(below: snippets.count)], at: place)
        case 4: if !rows[row].isEmpty { rows[row].remove(at: place) }
        default:
            var cells = rows[row].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Array.init)
            cells[numbers.next(below: cells.count)] = snippets[numbers.next(below: snippets.count)]
            rows[row] = Array(cells.joined(separator: [UInt8(ascii: ",")]))
        }
    }

    @Test("nothing that run.json can say crashes what shows it", arguments: [false, true])
    func nothingThatRunJSONCanSayCrashesWhatShowsIt(hasEnd: Bool) throws {
        var specimen = try Specimen(in: temporary, intervals: 2, hasEnd: hasEnd)
        let values: [JSONValue] = [
            .null, .bool(true), .integer(-1), .integer(0), .integer(.max), .integer(1 << 61), .number(1.5), .string(""),
            .string("18446744073709551615"), .string("x\u{1B}[2J"), .array([]), .array([.integer(-1)]),
            .array([.integer(.max)]), .object([] as [JSONMember]),
            .array(Array(repeating: .object([] as [JSONMember]), count: 3)),
        ]
        let json = try JSONValue.parse(specimen.bytes("run.json")).replacing(["crc32"], with: .null)
        var (errors, read) = (0, 0)
        for path in json.paths {
            for value in values {
                let text = json.replacing(path, with: value).formatted
                if try specimen.read("run.json", Array(text.utf8)) == nil { errors += 1 } else { read += 1 }
                try specimen.show()
            }
        }
        let nested = String(repeating: "[", count: 100_000)
        #expect(try specimen.read("run.json", Array(nested.utf8)) == nil)
        print("fuzz: \(errors + read) values in run.json: \(errors) errors, \(read) read")
    }
}

extension JSONValue {
    /// The way to every value within.
    fileprivate var paths: [[String]] {
        guard case .object(let members) = self else { return [] }
        return members.flatMap { member in [[member.name]] + member.value.paths.map { [member.name] + $0 } }
    }

    fileprivate func replacing(_ path: [String], with value: JSONValue) -> JSONValue {
        guard let name = path.first, case .object(let members) = self else { return value }
        return .object(
            members.map { member in
                guard member.name == name else { return member }
                return JSONMember(name, member.value.replacing(Array(path.dropFirst()), with: value))
            })
    }
}
