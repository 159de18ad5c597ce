import Testing

@testable import Frames

@Suite struct FrameTests {
    private let size = FrameSize(columns: 12, rows: 2)

    @Test("text is cut at the frame and at its limit, never in the middle of a character")
    func cut() {
        var frame = Frame(size)
        #expect(frame.write("mountscope 漢字", column: 0, row: 0) == 11)
        #expect(frame.lines[0] == "mountscope")
        #expect(frame.write("abcdef", column: 2, row: 1, limit: 5) == 5)
        #expect(frame.lines[1] == "  abc")
        frame.write("left", column: -2, row: 1)
        #expect(frame.lines[1] == "ftabc")
        frame.write("x", column: 0, row: 9)
    }

    @Test("wide, combining and hostile names keep their columns")
    func columns() {
        for (name, width) in [
            ("漢字", 4), ("e\u{301}te\u{301}", 3), ("\u{301}a", 1), ("👩‍👩‍👧", 2), ("a\u{200B}b", 2), ("ﾊﾛｰ", 3), ("한국", 4),
        ] {
            #expect(CharacterWidth.columns(name) == width, "\(name)")
            var frame = Frame(size)
            let end = frame.write(name, column: 0, row: 0)
            frame.write("|", column: end, row: 0)
            #expect(frame[end, 0].character == "|" && end == width, "\(name)")
        }
        var frame = Frame(size)
        frame.write("a\u{1B}[2Jb", column: 0, row: 0)
        #expect(frame.lines[0] == "a\\x1B[2Jb")
        #expect(!frame.lines.joined().utf8.contains(0x1B))
    }

    @Test("half of a wide character is nothing")
    func halves() {
        var frame = Frame(size)
        frame.write("漢字", column: 0, row: 0)
        frame.write("x", column: 1, row: 0)
        #expect(frame.lines[0] == " x字")
        frame.write("y", column: 2, row: 0)
        #expect(frame.lines[0] == " xy")
    }

    @Test("a frame that is placed in another is cut at its edges")
    func place() {
        var inner = Frame(FrameSize(columns: 4, rows: 4))
        for row in 0..<4 { inner.write("abcd", column: 0, row: row, .strong) }
        var frame = Frame(size)
        frame.place(inner, column: 10, row: 1)
        #expect(frame.lines == ["", "          ab"])
        #expect(frame[11, 1].ink == .strong)
    }
}
