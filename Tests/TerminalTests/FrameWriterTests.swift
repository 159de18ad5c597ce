import Frames
import Testing

@testable import Terminal

/// A terminal that obeys what the writer uses, and remembers what stands where.
private struct SmallTerminal {
    private(set) var cells: [[Character]]
    private(set) var looks: [[String]]
    private var column = 0
    private var row = 0
    private var look = ""

    init(_ size: FrameSize) {
        cells = Array(repeating: Array(repeating: "?", count: size.columns), count: size.rows)
        looks = Array(repeating: Array(repeating: "?", count: size.columns), count: size.rows)
    }

    mutating func obey(_ text: String) {
        var rest = Substring(text)
        while let first = rest.first {
            guard first == "\u{1B}" else {
                put(first)
                rest = rest.dropFirst()
                continue
            }
            let end = rest.dropFirst(2).firstIndex { $0.isLetter } ?? rest.startIndex
            let parameters = rest[rest.index(rest.startIndex, offsetBy: 2)..<end].split(separator: ";").map {
                Int($0) ?? 0
            }
            switch rest[end] {
            case "H": (row, column) = ((parameters.first ?? 1) - 1, (parameters.dropFirst().first ?? 1) - 1)
            case "C": column += parameters.first ?? 1
            case "J": for line in row..<cells.count { clear(line, from: line == row ? column : 0) }
            case "K": clear(row, from: column)
            case "m": look = parameters.filter { $0 != 0 }.map { String($0) }.joined(separator: ";")
            default: Issue.record("unknown sequence \(rest[end])")
            }
            rest = rest[rest.index(after: end)...]
        }
    }

    private mutating func put(_ character: Character) {
        let width = CharacterWidth.columns(character)
        guard width > 0, column + width <= cells[row].count else {
            Issue.record("outside")
            return
        }
        cells[row][column] = character
        looks[row][column] = look
        if width == 2 { (cells[row][column + 1], looks[row][column + 1]) = ("<", look) }
        column += width
    }

    private mutating func clear(_ line: Int, from first: Int) {
        for place in first..<cells[line].count { (cells[line][place], looks[line][place]) = (" ", look) }
    }
}

@Suite struct FrameWriterTests {
    private let size = FrameSize(columns: 40, rows: 6)

    /// What the terminal shows is the frame, inks and all.
    private func expectSame(_ terminal: SmallTerminal, _ frame: Frame, _ colours: FrameStyle.Colours) {
        let palette = Palette(colours)
        for row in 0..<size.rows {
            for column in 0..<size.columns {
                let cell = frame[column, row]
                let shown: Character = cell.isContinued ? "<" : cell.character
                #expect(terminal.cells[row][column] == shown)
                let look = palette.sequence(cell.ink).dropFirst(2).dropLast().split(separator: ";").filter { $0 != "0" }
                #expect(terminal.looks[row][column] == look.joined(separator: ";"))
            }
        }
    }

    @Test("after any changes the terminal shows the frame", arguments: FrameStyle.Colours.allCases)
    func random(colours: FrameStyle.Colours) {
        var state: UInt64 = 3
        func number(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let inks: [Ink] = [.plain, .strong, .faint, .bar, .chosen, .calm, .busy, .storm, .part(1), .heat(8)]
        let words = ["rate", "漢字", "e\u{301}té", "44,649", "        ", "▁▂▃█", "x"]
        var terminal = SmallTerminal(size)
        var frame = Frame(size)
        terminal.obey(FrameWriter.text(from: nil, to: frame, colours))
        for _ in 0..<300 {
            let before = frame
            for _ in 0..<number(4) {
                frame.write(words[number(7)], column: number(42) - 1, row: number(6), inks[number(10)])
            }
            terminal.obey(FrameWriter.text(from: before, to: frame, colours))
            expectSame(terminal, frame, colours)
        }
    }

    @Test("a frame that is as before is no byte, and one number is a few")
    func few() {
        var frame = Frame(size)
        frame.write("rate 100", column: 0, row: 1)
        #expect(FrameWriter.text(from: frame, to: frame, .direct) == "")
        let before = frame
        frame.write("rate 105", column: 0, row: 1)
        #expect(FrameWriter.text(from: before, to: frame, .none) == "\u{1B}[2;8H\u{1B}[m5")
    }

    @Test("without colours there is no colour in it")
    func noColours() {
        let inks: [Ink] = [.plain, .strong, .faint, .bar, .chosen, .calm, .busy, .storm, .part(2), .heat(5)]
        for ink in inks {
            let numbers = Palette(.none).sequence(ink).dropFirst(2).dropLast().split(separator: ";").compactMap {
                Int($0)
            }
            #expect(numbers.allSatisfy { $0 < 30 })
        }
    }
}

@Suite struct TerminalStyleTests {
    private func style(_ variables: [String: String]) -> FrameStyle { TerminalStyle.style { variables[$0] } }

    @Test("colours are those that the environment speaks of, and none with NO_COLOR")
    func colours() {
        let expected: [(String, String, FrameStyle.Colours)] = [
            ("xterm", "", .sixteen), ("xterm-256color", "", .indexed), ("tmux-256color", "truecolor", .direct),
            ("screen", "", .sixteen), ("linux", "", .sixteen), ("vt220", "", .none), ("xterm-mono", "", .none),
            ("xterm-direct", "", .direct),
        ]
        for (kind, more, colours) in expected {
            #expect(style(["TERM": kind, "COLORTERM": more]).colours == colours, "\(kind)")
            #expect(style(["TERM": kind, "COLORTERM": more, "NO_COLOR": "1"]).colours == .none)
            #expect(style(["TERM": kind, "COLORTERM": more, "NO_COLOR": ""]).colours == colours)
        }
    }

    @Test("characters are ASCII but in a locale with UTF-8, the first that is set")
    func glyphs() {
        #expect(style(["TERM": "xterm", "LANG": "C.UTF-8"]).glyphs == .unicode)
        #expect(style(["TERM": "xterm", "LANG": "de_DE.utf8@euro"]).glyphs == .unicode)
        #expect(style(["TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C"]).glyphs == .ascii)
        #expect(style(["TERM": "xterm", "LC_CTYPE": "de_DE.ISO-8859-1", "LANG": "C.UTF-8"]).glyphs == .ascii)
        #expect(style(["TERM": "xterm"]).glyphs == .ascii)
        #expect(style(["TERM": "linux", "LANG": "C.UTF-8"]).glyphs == .ascii)
    }
}
