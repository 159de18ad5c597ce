extension JSONValue {
    /// The value as text, two spaces a level, an array of plain values on one line, no line feed at the end.
    public var formatted: String {
        var writer = JSONWriter()
        writer.write(self, level: 0)
        return writer.text
    }
}

extension JSONValue {
    /// The value as text without a space or a line feed outside of strings.
    public var line: String {
        var writer = JSONWriter()
        writer.writeLine(self)
        return writer.text
    }
}

extension JSONValue {
    fileprivate var isScalar: Bool {
        switch self {
        case .array, .object: false
        case .null, .bool, .integer, .number, .string: true
        }
    }
}

struct JSONWriter {
    private(set) var text = ""

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): quote(value)
        case .array(let elements) where elements.allSatisfy(\.isScalar):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                write(element, level: level)
            }
            text += "]"
        case .array(let elements):
            writeList("[", elements, "]", level: level) { writer, element in writer.write(element, level: level + 1) }
        case .object(let members):
            writeList("{", members, "}", level: level) { writer, member in
                writer.quote(member.name)
                writer.text += ": "
                writer.write(member.value, level: level + 1)
            }
        }
    }

    mutating func writeLine(_ value: JSONValue) {
        switch value {
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                writeLine(element)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                quote(member.name)
                text += ":"
                writeLine(member.value)
            }
            text += "}"
        case .null, .bool, .integer, .number, .string: write(value, level: 0)
        }
    }

    private mutating func writeList<Element>(
        _ opening: String, _ elements: [Element], _ closing: String, level: Int,
        element write: (inout JSONWriter, Element) -> Void
    ) {
        text += opening
        for (index, element) in elements.enumerated() {
            text += index == 0 ? "\n" : ",\n"
            text += String(repeating: "  ", count: level + 1)
            write(&self, element)
        }
        if !elements.isEmpty { text += "\n" + String(repeating: "  ", count: level) }
        text += closing
    }

    private mutating func quote(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // RFC 8259 wants those below 0x20 escaped; DEL and C1 would be obeyed by a terminal that shows the file.
            case "\0"..<" ", "\u{7F}"..."\u{9F}": text += escape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
