import CZlib

/// CRC-32 as in gzip and PNG, by zlib (ISO 3309): finds every burst of up to 32 wrong bits.
struct CRC32: Sendable, Equatable {
    /// Of the bytes so far.
    private(set) var value: UInt32 = 0

    /// Of nothing.
    init() {}

    /// Eight lower-case hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // zlib takes no bytes at no address for a wish to begin anew.
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else { return }
        value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), start, bytes.count))
    }

    /// Adds bytes.
    mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }
}
