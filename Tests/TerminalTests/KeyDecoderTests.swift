import Contention
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    /// The keys of bytes that come in one piece, after which nothing comes.
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.decode(text.utf8) + decoder.flush()
    }

    @Test(
        "the keys of xterm, VT220, rxvt, the Linux console and application mode are told apart",
        arguments: [
            ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}OD", .left),
            ("\u{1B}[H", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}OF", .end), ("\u{1B}[4~", .end),
            ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[Z", .backTab), ("\u{1B}[1;5A", .up),
            ("\u{1B}OM", .enter), ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace),
            ("\u{8}", .backspace), ("\u{C}", .redraw), ("\u{1B}", .escape), ("q", .character("q")),
            ("é", .character("é")), ("漢", .character("漢")),
        ])
    func known(text: String, key: Key) { #expect(keys(text) == [key]) }

    @Test(
        "what is no key of ours does nothing, whole: function keys, Alt, mouse, answers of the terminal",
        arguments: [
            "\u{1B}[11~", "\u{1B}OP", "\u{1B}[[A", "\u{1B}x", "\u{1B}[M !!", "\u{1B}[<0;3;4M", "\u{1B}[?1;2c",
            "\u{1B}]11;rgb:00/00/00\u{7}", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}_q\u{1B}\\", "\u{0}\u{1}\u{1F}",
            "\u{1B}[", "\u{1B}[1;", "\u{1B}]q", "\u{1B}[200~q\r\u{1B}[Ax\u{1B}[201~",
        ])
    func unknown(text: String) { #expect(keys(text) == []) }

    @Test("keys come out whole however the bytes are cut")
    func pieces() {
        let text = Array("j\u{1B}[A\u{1B}[200~qqq\u{1B}[20\u{1B}[201~é\u{1B}[5~k".utf8)
        let expected: [Key] = [.character("j"), .up, .character("é"), .pageUp, .character("k")]
        for length in 1...text.count {
            var decoder = KeyDecoder()
            var found: [Key] = []
            for start in stride(from: 0, to: text.count, by: length) {
                found += decoder.decode(text[start..<min(text.count, start + length)])
            }
            #expect(found + decoder.flush() == expected, "\(length) bytes at a time")
        }
    }

    @Test("a burst that nobody types does nothing, a held key does")
    func burst() {
        #expect(keys(String(repeating: "q", count: KeyDecoder.burst + 1)) == [])
        #expect(keys(String(repeating: "j", count: KeyDecoder.burst)).count == KeyDecoder.burst)
        #expect(keys(String(repeating: "\u{1B}[B", count: 100)).count == 100)
    }

    @Test("bytes at random are keys or nothing, and never keep it waiting for ever")
    func random() {
        var state: UInt64 = 7
        for _ in 0..<2000 {
            var decoder = KeyDecoder()
            let bytes = (0..<60).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return [0x1B, UInt8(ascii: "["), UInt8(ascii: "O"), UInt8(state >> 56)][Int(state >> 40 & 3)]
            }
            _ = decoder.decode(bytes)
            _ = decoder.flush()
            _ = decoder.decode("\u{1B}[201~".utf8)
            _ = decoder.flush()
            #expect(decoder.decode("q".utf8) == [.character("q")], "\(bytes)")
        }
    }
}
