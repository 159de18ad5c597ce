import JSON

/// The checksum that run.json carries of itself: its last member, eight digits that count as zeros in the sum.
enum DescriptionChecksum {
    /// What stands in the place of the digits while they are found.
    static let none = "00000000"
    /// What follows the digits: the end of the string, of the object and of the line.
    private static let tail = Array("\"\n}\n".utf8)

    /// Of a text that ends with the member.
    /// - Returns: nil for a text that ends otherwise.
    static func of(_ bytes: [UInt8]) -> String? {
        guard bytes.count > tail.count + none.utf8.count, bytes.suffix(tail.count).elementsEqual(tail) else {
            return nil
        }
        let end = bytes.count - tail.count
        var checksum = CRC32()
        checksum.update(bytes[..<(end - none.utf8.count)])
        checksum.update(Array(none.utf8)[...])
        checksum.update(bytes[end...])
        return checksum.text
    }
}

extension RunDescription {
    /// The whole of run.json.
    func bytes(_ closing: RunClosing?, files: [RecordedFile] = [], isSparse: Bool) -> [UInt8] {
        func text(_ crc32: String) -> [UInt8] {
            Array((json(closing, files: files, isSparse: isSparse, crc32: crc32).formatted + "\n").utf8)
        }
        return DescriptionChecksum.of(text(DescriptionChecksum.none)).map(text) ?? text(DescriptionChecksum.none)
    }
}
