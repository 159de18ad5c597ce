/// A JSON value (RFC 8259) whose objects keep their order and whose integers stay integers.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent; written as null when it is not finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One name and value of an object.
public struct JSONMember: Equatable, Sendable {
    public let name: String
    public let value: JSONValue

    /// A member of this name and value.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// An object from names and values, in their order.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { JSONMember($0.key, $0.value) })
    }

    /// An integer; null for nil. A value beyond Int64 becomes a string of its digits, never another number.
    public static func integer(_ value: (some BinaryInteger)?) -> JSONValue {
        guard let value else { return .null }
        return Int64(exactly: value).map(JSONValue.integer) ?? .string(String(value))
    }

    /// A string; null for nil.
    public static func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// A member of an object; nil where this is no object or has no such member.
    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements; nil where this is no array.
    public var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text; nil where this is no string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer; nil where this is none.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The truth value; nil where this is none.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}
