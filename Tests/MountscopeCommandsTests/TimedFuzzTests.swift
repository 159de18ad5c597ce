import Glibc
import JSON
import SystemCalls
import Testing

@testable import MountscopeCommands
@testable import Recording

/// Mutations of every file of a run for as long as there is time: MOUNTSCOPE_FUZZ_SECONDS, otherwise five.
///
/// Whatever the bytes are: a report, a replay or an error, and never more memory than the limit.
@Suite struct TimedFuzzTests {
    private let temporary: FuzzFolder
    private let seconds: UInt64
    private static let snippets: [[UInt8]] = [
        "", ",", "\"", "\n", "-1", "8191", "18446744073709551615", "1e308", "\"\"", "\u{0}", "\u{1B}[2J", "é", "{}",
        "[[[[",
        "\"running\"", "null", "\\u0000", "\\ud800", "cpu", "all", "hist.csv", "9999999999", "=1",
    ].map { Array($0.utf8) }
    /// Bytes of resident memory that reading may add.
    private static let memoryLimit = 512 << 20

    init() throws {
        temporary = try FuzzFolder()
        seconds = getenv("MOUNTSCOPE_FUZZ_SECONDS").flatMap { UInt64(String(cString: $0)) } ?? 5
    }

    @Test("mutated runs are reports or errors, within the memory that is allowed", arguments: [false, true])
    func mutatedRuns(hasEnd: Bool) throws {
        var specimen = try Specimen(in: temporary, intervals: 3, hasEnd: hasEnd, isSparse: hasEnd)
        let before = try Self.peak()
        let end = Clocks.monotonic() + seconds * 1_000_000_000
        // Another seed each time, told so that it can be used again.
        var numbers = Numbers(
            state: getenv("MOUNTSCOPE_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) } ?? Clocks.monotonic())
        print("fuzz: seed \(numbers.state)")
        var rounds = 0
        while Clocks.monotonic() < end {
            let name = ["run.json", "intervals.csv", "hist.csv"][numbers.next(below: 3)]
            var bytes = specimen.bytes(name)
            // Without its own checksum a run.json gets further.
            if name == "run.json", numbers.next(below: 4) > 0 { bytes = Self.withoutChecksum(bytes) }
            for _ in 0...numbers.next(below: 4) { Self.mutate(&bytes, &numbers) }
            _ = try specimen.read(name, bytes)
            try specimen.show()
            try specimen.restore(name)
            rounds += 1
        }
        let grown = try Self.peak() - before
        #expect(grown < Self.memoryLimit)
        print("fuzz: \(rounds) mutated runs in \(seconds) s, memory grew by \(grown >> 20) MiB at most")
    }

    @Test("mutated reports of a command are objects or nothing")
    func mutatedWorkloads() throws {
        let good = Array(
            "{\"kinds\": {\"bind\": {\"operations\": 12, \"failures\": 0}}, \"mounts_in_namespace\": 57}".utf8)
        var numbers = Numbers(state: Clocks.monotonic())
        let slot = try WorkloadSlot()
        let place = String(slot.environment.drop { $0 != "=" }.dropFirst())
        var reports = 0
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0...numbers.next(below: 6) { Self.mutate(&bytes, &numbers) }
            try FileDescriptor.open(place, O_WRONLY | O_TRUNC).write(bytes)
            guard let report = try slot.content() else { continue }
            // As run.json will have it.
            #expect(
                try JSONValue.parse(Array(JSONValue.object(["workload": report]).formatted.utf8))["workload"] == report)
            // Taken or refused, never a crash.
            do { _ = try ComparedRun.workload(.object(["workload": report]), path: "run.json") } catch {
                #expect(error.path == "run.json")
            }
            reports += 1
        }
        #expect(reports > 0)
    }

    private static func withoutChecksum(_ bytes: [UInt8]) -> [UInt8] {
        let name = Array("\"crc32\": \"".utf8)
        guard bytes.count > 20,
            let place = bytes.indices.dropLast(name.count).last(where: { bytes[$0...].starts(with: name) })
        else { return bytes }
        return Array(bytes[..<place]) + Array("\"crc32\": null\n}\n".utf8)
    }

    private static func mutate(_ bytes: inout [UInt8], _ numbers: inout Numbers) {
        guard !bytes.isEmpty else { return }
        let place = numbers.next(below: bytes.count)
        let length = min(numbers.next(below: 40), bytes.count - place)
        switch numbers.next(below: 6) {
        case 0: bytes[place] ^= 1 << UInt8(numbers.next(below: 8))
        case 1: bytes.removeSubrange(place..<place + length)
        case 2: bytes.insert(contentsOf: snippets[numbers.next(below: snippets.count)], at: place)
        case 3:
            let piece = Array(bytes[place..<place + length])
            bytes.insert(contentsOf: Array(repeating: piece, count: 1 + numbers.next(below: 50)).joined(), at: place)
        case 4: bytes.removeLast(bytes.count - place)
        default: bytes[place] = UInt8(truncatingIfNeeded: numbers.next(below: 256))
        }
    }

    /// Of this process's resident memory, bytes.
    private static func peak() throws -> Int {
        var usage = rusage()
        try retryingInterrupted { getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) }
        return usage.ru_maxrss * 1024
    }
}
