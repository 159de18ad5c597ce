import Testing

@testable import Workload

@Suite struct QuantityTests {
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
