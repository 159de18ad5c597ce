import SystemCalls
import Testing

@Suite("Bytes as text") struct EscapedBytesTests {
    @Test("every sequence of bytes comes back from its text, and UTF-8 stands as it is")
    func roundTrip() {
        var state: UInt64 = 7
        let pieces: [[UInt8]] = [
            [0x5C], [0x5C, 0x78], Array("\\x41".utf8), [0xFF], [0xC3], Array("é".utf8), Array("a".utf8),
            [0xED, 0xA0, 0x80],
            [0x1B], Array("𝄞".utf8), [0xF0, 0x9D], Array("x5C".utf8),
        ]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for index in 0..<Int(state >> 60) { bytes += pieces[Int(state >> UInt64(3 * index + 2)) % pieces.count] }
            #expect(EscapedBytes.bytes(EscapedBytes.text(bytes)) == bytes)
        }
    }

    @Test("what is written, by example")
    func examples() {
        #expect(EscapedBytes.text(Array("plain é \\n".utf8)) == "plain é \\n")
        #expect(EscapedBytes.text([0x61, 0xFF, 0x62]) == "a\\xFFb")
        #expect(EscapedBytes.text(Array("\\xFF".utf8)) == "\\x5CxFF")
        #expect(EscapedBytes.bytes("\\x5CxFF") == Array("\\xFF".utf8))
        #expect(EscapedBytes.bytes("\\xZZ \\") == Array("\\xZZ \\".utf8))
    }
}
