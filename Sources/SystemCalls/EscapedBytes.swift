import Glibc

/// Text for bytes that may be anything but 0: file names, arguments, environments.
///
/// Characters that can be shown stand as they are. Other bytes are written `\xHH`: those that are no UTF-8, those of
/// control characters, which a terminal would obey, and the backslash of what would be read as such an escape:
/// `\x5CxHH`. So every sequence of bytes has one text, and the text gives the bytes back.
public enum EscapedBytes {
    /// The bytes as text.
    public static func text(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != backslash }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let character = character(bytes[index...])
            let length = max(1, character.map { UTF8.width($0) } ?? 1)
            if let character, !isControl(character), escape(in: bytes, at: index) == nil {
                text += bytes[index..<index + length]
            } else {
                for byte in bytes[index..<index + length] { text += escaped(byte) }
            }
            index += length
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of a C string.
    public static func text(_ pointer: UnsafePointer<CChar>) -> String {
        text(
            UnsafeBufferPointer(
                start: UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self), count: strlen(pointer)))
    }

    /// The bytes that a text stands for.
    public static func bytes(_ text: String) -> [UInt8] {
        let text = Array(text.utf8)
        guard text.contains(backslash) else { return text }
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if let byte = escape(in: text, at: index) {
                bytes.append(byte)
                index += 4
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    /// `\x1B`
    public static func escaped(_ byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16, uppercase: true)
        return Array((byte < 16 ? "\\x0" : "\\x").utf8) + Array(digits.utf8)
    }

    /// The byte that is written here as `\xHH`; nil where none is.
    private static func escape(in bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 3 < bytes.count, bytes[index] == backslash, bytes[index + 1] == UInt8(ascii: "x"),
            let high = digit(bytes[index + 2]), let low = digit(bytes[index + 3])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// Text of strangers as it may be shown: control characters are escaped, everything else stands as it is.
    ///
    /// The one place where names, commands, sites, headers and messages lose what a terminal would obey: ESC and the
    /// other C0 and C1 controls, line ends, and what turns the direction of writing.
    public static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) || !text.unicodeScalars.contains(where: isControl) {
            return text
        }
        var visible: [UInt8] = []
        for scalar in text.unicodeScalars {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                visible += isControl(scalar) ? escaped(byte) : [byte]
            }
        }
        return String(decoding: visible, as: UTF8.self)
    }

    /// Lines of our own with text of strangers in them: as `visible`, but line feeds stay.
    public static func visibleLines(_ text: String) -> String {
        // By scalars: CR LF is one Character.
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
            .joined(separator: "\n")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The character that these bytes begin with; nil where they are no UTF-8.
    private static func character(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }
}

private let backslash = UInt8(ascii: "\\")

/// Hands a path to a system call: the bytes that its text stands for.
public func withSystemPath<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var bytes = EscapedBytes.bytes(path).map { CChar(bitPattern: $0) }
    bytes.append(0)
    return bytes.withUnsafeBufferPointer { buffer in
        // Never empty: it ends with a zero.
        buffer.baseAddress.map(body) ?? path.withCString(body)
    }
}
