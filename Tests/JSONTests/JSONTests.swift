import Testing

@testable import JSON

private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

@Suite struct JSONWriterTests {
    @Test("objects keep their order and plain arrays their line")
    func objectsKeepTheirOrderAndPlainArraysTheirLine() {
        let value = JSONValue.object([
            "z": .integer(1), "a": .array([.integer(1), .string("x"), .null]), "empty": .array([]),
            "none": .object([:]),
            "rows": .array([.object(["on": .bool(true)])]),
        ])
        #expect(
            value.formatted == """
                {
                  "z": 1,
                  "a": [1, "x", null],
                  "empty": [],
                  "none": {},
                  "rows": [
                    {
                      "on": true
                    }
                  ]
                }
                """)
    }

    @Test("strings are escaped")
    func stringsAreEscaped() {
        #expect(JSONValue.string("a\"\\\n\t\r\u{1}\u{7F}\u{9B}é😀").formatted == #""a\"\\\n\t\r\u0001\u007f\u009bé😀""#)
    }

    @Test("integers stay integers, and numbers numbers")
    func integersStayIntegersAndNumbersNumbers() {
        #expect(JSONValue.integer(Int64.min).formatted == "-9223372036854775808")
        #expect(JSONValue.integer(1_795_494_408_341_682_812).formatted == "1795494408341682812")
        #expect(JSONValue.number(0.1).formatted == "0.1")
        #expect(JSONValue.number(.nan).formatted == "null")
        #expect(JSONValue.number(.infinity).formatted == "null")
    }

    @Test("an integer too large keeps its digits")
    func anIntegerTooLargeKeepsItsDigits() {
        #expect(JSONValue.integer(UInt64.max as UInt64?) == .string("18446744073709551615"))
        #expect(JSONValue.integer(nil as Int?) == .null)
    }
}

@Suite struct JSONParserTests {
    @Test(
        "what is written is read back",
        arguments: [
            "null", "true", "false", "0", "-0", "-1", "9223372036854775807", "1.5", "1e3", "-2.5E-3", "\"\"", "[]",
            "{}",
            "[1, [2, {\"a\": null}]]", "{\"a\": {\"b\": [true]}}", "\"\\u0000\"", "\"😀\"",
        ])
    func whatIsWrittenIsReadBack(text: String) throws {
        let value = try parse(text)
        #expect(try parse(value.formatted) == value)
    }

    @Test("escapes are read")
    func escapesAreRead() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀"))
    }

    @Test("integers and numbers are told apart")
    func integersAndNumbersAreToldApart() throws {
        #expect(try parse("12") == .integer(12))
        #expect(try parse("12.0") == .number(12))
        #expect(try parse("1795494408341682812").integer == 1_795_494_408_341_682_812)
    }

    @Test("members are found by name")
    func membersAreFoundByName() throws {
        let value = try parse(#"{"schema": "x", "n": [1]}"#)
        #expect(value["schema"]?.string == "x")
        #expect(value["n"]?.elements == [.integer(1)])
        #expect(value["other"] == nil)
        #expect(JSONValue.null["schema"] == nil)
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "nul", "tru", "nullx", "1 2", "01", "-", "+1", ".5", "1.", "1e", "1e+", "--1", "0x10", "NaN",
            "Infinity",
            "'a'", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\u{1}\"", "\"\n\"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
            "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:1}", "{\"a\":1 \"b\":2}", "// c\n1", "[1] // c", "\u{FEFF}1",
            "9223372036854775808", "-9223372036854775809", "1e999", "{\"a\":1,\"a\":2}",
        ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test("deep nesting is refused, not a crash")
    func deepNestingIsRefusedNotACrash() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError(reason: "nested deeper than 128 levels", offset: 129)) { try parse(deep) }
        let allowed = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        _ = try parse(allowed)
    }

    @Test("bytes that are no UTF-8 are refused")
    func bytesThatAreNoUTF8AreRefused() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF]] {
            #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
        }
    }
}
