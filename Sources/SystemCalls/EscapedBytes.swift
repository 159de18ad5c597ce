import Glibc

/// Text for bytes that may be anything but 0: file names, arguments, environments.
///
/// Bytes that are UTF-8 stand as they are. Others are written `\xHH`, and so is the backslash of what would be read as
/// one of those: `\x5CxHH`. So every sequence of bytes has one text, and the text gives the bytes back.
public enum EscapedBytes {
    /// The bytes as text.
    public static func text(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        if !bytes.contains(backslash), let text = String(validating: bytes, as: UTF8.self) { return text }
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let length = characterLength(bytes[index...])
            if length == 0 || escape(in: bytes, at: index) != nil {
                text += escaped(bytes[index])
                index += 1
            } else {
                text += bytes[index..<index + length]
                index += length
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of a C string.
    public static func text(_ pointer: UnsafePointer<CChar>) -> String {
        text(UnsafeBufferPointer(start: UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self), count: strlen(pointer)))
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

    /// Bytes of the character that these begin with; 0 where they are no UTF-8.
    private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 0 }
        return UTF8.width(scalar)
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
