/// Why a text is no JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// Bytes from the start of the text.
    public let offset: Int

    public var description: String { "no valid JSON at byte \(offset): \(reason)" }
}

extension JSONValue {
    /// Levels of arrays and objects that are read; deeper texts are refused rather than overflow the stack.
    public static let maximumDepth = 128
    /// Values that a text may have, all levels together; more would take hundreds of times its length in memory.
    public static let maximumValues = 1_000_000

    /// Reads one JSON text, strictly as in RFC 8259. Refused are also: a name twice in one object, an integer
    /// beyond Int64, a number beyond Double, half of a surrogate pair, and bytes that are no UTF-8.
    /// - Throws: the first error.
    /// - Parameter depth: levels that are read.
    public static func parse(_ bytes: [UInt8], depth: Int = maximumDepth) throws(JSONError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONError(reason: "no UTF-8", offset: 0) }
        var parser = JSONParser(bytes: bytes, maximumDepth: depth)
        return try parser.parseText()
    }
}

struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    private let maximumDepth: Int
    private var values = 0

    init(bytes: [UInt8], maximumDepth: Int = JSONValue.maximumDepth) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func parseText() throws(JSONError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw error("something after the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth) levels") }
        values += 1
        guard values <= JSONValue.maximumValues else { throw error("more than \(JSONValue.maximumValues) values") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try parseNumber()
        case nil: throw error("the text ends too early")
        default: throw error("unexpected character")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        var members: [JSONMember] = []
        var names: Set<String> = []
        position += 1
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name in quotes is missing") }
            let name = try parseString()
            guard names.insert(name).inserted else {
                throw error("the name \(JSONValue.string(name).formatted) comes twice")
            }
            skipSpace()
            guard take(":") else { throw error("a colon is missing") }
            members.append(JSONMember(name, try parseValue(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("a comma or a closing brace is missing") }
        return .object(members)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("a comma or a closing bracket is missing") }
        return .array(elements)
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.description.utf8 {
            guard next == byte else { throw error("unknown word") }
            position += 1
        }
        return value
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        var isInteger = true
        _ = take("-")
        if !take("0") { try skipDigits() }
        if take(".") {
            isInteger = false
            try skipDigits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard !isInteger, let value = Double(text), value.isFinite else {
            throw JSONError(reason: "number out of range", offset: start)
        }
        return .number(value)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = next, isDigit(byte) { position += 1 }
        guard position > start else { throw error("a digit is missing") }
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }
}
