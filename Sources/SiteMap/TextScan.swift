import CDisassembler

/// Finds the places of a text that refer to a lock. An overlap of a few bytes joins texts that are read in pieces.
public enum TextScan {
    /// Bytes that two pieces must share, so that no place is cut in two.
    public static let overlap = 3

    /// - Parameters:
    ///   - text: bytes of the kernel's text.
    ///   - address: of the first.
    /// - Returns: addresses of four bytes that refer to a target, ascending. They need not be an instruction's.
    public static func references(in text: UnsafeRawBufferPointer, at address: UInt64, to targets: [UInt64]) -> [UInt64]
    {
        guard let start = text.bindMemory(to: UInt8.self).baseAddress else { return [] }
        func find(_ room: Int) -> (count: Int, found: [UInt64]) {
            var count = 0
            let found = [UInt64](unsafeUninitializedCapacity: room) { buffer, filled in
                count = cdis_find_references(
                    start, text.count, address, targets, targets.count, buffer.baseAddress, room)
                filled = min(count, room)
            }
            return (count, found)
        }
        let first = find(256)
        return first.count <= 256 ? first.found : find(first.count).found
    }
}
