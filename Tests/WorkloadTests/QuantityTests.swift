import Testing

@testable import Workload

@Suite struct QuantityTests {
    @Test(
        "a duration has a unit, or is seconds",
        arguments: [
            ("500ms", 500_000_000), ("2s", 2_000_000_000), ("5m", 300_000_000_000), ("1h", 3_600_000_000_000),
            ("3", 3_000_000_000), ("007s", 7_000_000_000),
        ] as [(String, UInt64)])
    func duration(text: String, nanoseconds: UInt64) throws {
        #expect(try parseDuration(text) == nanoseconds)
    }

    @Test(
        "what is no duration is a usage error",
        arguments: ["", "0", "0ms", "-1s", "+1s", "1.5s", "5x", "s", "1 s", " 1s", "1S", "٣s", "9999999999h", tooLong])
    func noDuration(text: String) {
        #expect { try parseDuration(text) } throws: { isUsage($0) }
    }

    @Test(
        "a size counts in powers of 1024",
        arguments: [("1", 1), ("4096", 4096), ("64k", 65536), ("64K", 65536), ("1M", 1_048_576), ("2m", 2_097_152)])
    func byteCount(text: String, bytes: Int) throws {
        #expect(try parseByteCount(text) == bytes)
    }

    @Test("what is no size is a usage error", arguments: ["", "0", "-1", "k", "4kb", "1.5k", "18446744073709551615k"])
    func noByteCount(text: String) {
        #expect { try parseByteCount(text) } throws: { isUsage($0) }
    }
}

func isUsage(_ error: any Error) -> Bool {
    if case .usage = error as? WorkloadError { true } else { false }
}

private let tooLong = "99999999999999999999s"
