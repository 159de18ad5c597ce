/// CRC-32 as in gzip, zlib and PNG (ISO 3309; reflected polynomial 0xEDB88320): finds every burst of up to 32 wrong bits.
struct CRC32: Sendable, Equatable {
    private var state: UInt32 = 0xFFFF_FFFF

    /// Of the bytes so far.
    var value: UInt32 { ~state }

    /// Of nothing.
    init() {}

    /// Eight lower-case hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Adds bytes; eight at a time, each through a table of its own.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        tables.withUnsafeBufferPointer { table in
            var crc = state
            var index = 0
            while index + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(crc)
                crc = 0
                for byte in 0..<8 {
                    crc ^= table[(7 - byte) << 8 | Int(truncatingIfNeeded: word >> UInt64(8 * byte)) & 0xFF]
                }
                index += 8
            }
            while index < bytes.count {
                crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[index])]
                index += 1
            }
            state = crc
        }
    }

    /// Adds bytes.
    mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }
}

/// Table k: what a byte does to the checksum k bytes later.
private let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
        tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    for index in 256..<tables.count {
        let before = tables[index - 256]
        tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
}()
