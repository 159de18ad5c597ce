import JSON
import SystemCalls

/// Takes values out of run.json, and says which one is not as it must be.
struct JSONFields {
    private let value: JSONValue
    /// `host.`
    private let prefix: String
    private let path: String

    /// - Parameter path: the file, for errors.
    init(_ value: JSONValue, path: String, prefix: String = "") throws(RunReadError) {
        guard case .object = value else {
            let name = prefix.isEmpty ? "the text" : prefix.dropLast()
            throw RunReadError(path: path, reason: "\(name) is no object")
        }
        self.value = value
        self.path = path
        self.prefix = prefix
    }

    /// The fields of an object in this one.
    func object(_ name: String) throws(RunReadError) -> JSONFields {
        try JSONFields(try member(name), path: path, prefix: "\(prefix)\(name).")
    }

    /// The fields of an object in this one; nil for null and where there is none.
    func optionalObject(_ name: String) throws(RunReadError) -> JSONFields? {
        isNull(name) ? nil : try object(name)
    }

    /// The objects of an array.
    func objects(_ name: String) throws(RunReadError) -> [JSONFields] {
        guard let elements = try member(name).elements else { throw wrong(name, "array") }
        var fields: [JSONFields] = []
        for (index, element) in elements.enumerated() {
            fields.append(try JSONFields(element, path: path, prefix: "\(prefix)\(name)[\(index)]."))
        }
        return fields
    }

    /// The objects of an array; none where there is no such member.
    func optionalObjects(_ name: String) throws(RunReadError) -> [JSONFields] {
        isNull(name) ? [] : try objects(name)
    }

    /// Text of a stranger, as it may be shown.
    func string(_ name: String) throws(RunReadError) -> String { EscapedBytes.visible(try rawString(name)) }

    /// Text as it stands.
    func rawString(_ name: String) throws(RunReadError) -> String {
        guard let text = try member(name).string else { throw wrong(name, "text") }
        return text
    }

    func optionalString(_ name: String) throws(RunReadError) -> String? { isNull(name) ? nil : try string(name) }

    func bool(_ name: String) throws(RunReadError) -> Bool {
        guard let value = try member(name).bool else { throw wrong(name, "truth value") }
        return value
    }

    func integer<Number: FixedWidthInteger>(_ name: String) throws(RunReadError) -> Number {
        try integer(try member(name), name)
    }

    func optionalInteger<Number: FixedWidthInteger>(_ name: String) throws(RunReadError) -> Number? {
        isNull(name) ? nil : try integer(name)
    }

    /// A number, whole or not; nil for null and where there is none.
    func optionalNumber(_ name: String) throws(RunReadError) -> Double? {
        switch raw(name) {
        case nil, .null: return nil
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: throw wrong(name, "number")
        }
    }

    /// A member as it is; nil where there is none.
    func raw(_ name: String) -> JSONValue? { value[name] }

    func strings(_ name: String) throws(RunReadError) -> [String] {
        guard let elements = try member(name).elements else { throw wrong(name, "array") }
        let strings = elements.compactMap(\.string)
        guard strings.count == elements.count else { throw wrong(name, "array of texts") }
        return strings
    }

    func integers(_ name: String) throws(RunReadError) -> [Int] {
        guard let elements = try member(name).elements else { throw wrong(name, "array") }
        var integers: [Int] = []
        for element in elements { integers.append(try integer(element, name)) }
        return integers
    }

    /// An error about a member.
    func error(_ name: String, _ reason: String) -> RunReadError {
        RunReadError(path: path, reason: "\(prefix)\(name) \(reason)")
    }

    private func integer<Number: FixedWidthInteger>(_ value: JSONValue, _ name: String) throws(RunReadError) -> Number {
        // Integers beyond Int64 are written as their digits.
        guard let number = value.integer.flatMap({ Number(exactly: $0) }) ?? value.string.flatMap({ Number($0) }) else {
            throw wrong(name, "whole number of \(Number.bitWidth) bits")
        }
        return number
    }

    private func member(_ name: String) throws(RunReadError) -> JSONValue {
        guard let member = value[name] else { throw error(name, "is missing") }
        return member
    }

    private func isNull(_ name: String) -> Bool { value[name] == nil || value[name] == .null }

    private func wrong(_ name: String, _ what: String) -> RunReadError { error(name, "is no \(what)") }
}
