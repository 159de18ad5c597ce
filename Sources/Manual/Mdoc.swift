/// Lines of an mdoc(7) document, clean by `mandoc -T lint`.
struct Mdoc {
    private(set) var lines: [String] = []

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Bytes of a line; mandoc finds longer ones poor style.
    private static let width = 78

    /// A macro line as it stands: `.Sh NAME`.
    mutating func macro(_ line: String) { lines.append(line) }

    /// Paragraphs, divided by empty lines; what begins with blanks keeps its lines.
    mutating func paragraphs(_ text: String) {
        var isFirst = true
        for block in Mdoc.blocks(text) {
            if !isFirst, !block.isLiteral { macro(".Pp") }
            isFirst = false
            guard block.isLiteral else {
                sentences(block.lines.joined(separator: " "))
                continue
            }
            macro(".Bd -literal -offset indent")
            let margin = block.lines.map { $0.prefix { $0 == " " }.count }.min() ?? 0
            lines += block.lines.map { Mdoc.protected(Mdoc.escaped(String($0.dropFirst(margin)))) }
            macro(".Ed")
        }
    }

    /// Running text: every sentence on lines of its own, as mdoc wants it.
    mutating func sentences(_ text: String) {
        var line = ""
        func end() {
            if !line.isEmpty { lines.append(Mdoc.protected(line)) }
            line = ""
        }
        for word in text.split(separator: " ") {
            let escaped = Mdoc.escaped(String(word))
            if !line.isEmpty, line.utf8.count + 1 + escaped.utf8.count > Mdoc.width { end() }
            line += (line.isEmpty ? "" : " ") + escaped
            if let last = word.last(where: { !")\"".contains($0) }), ".?!".contains(last) { end() }
        }
        end()
    }

    /// A line that roff does not take for a macro.
    private static func protected(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    /// Text that roff takes literally: hyphens that begin a word are minus signs, which can be copied into a shell.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        var previous: Character = " "
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-" where " -([\"".contains(previous): escaped += "\\-"
            default: escaped.append(character)
            }
            previous = character
        }
        return escaped
    }

    private struct Block {
        let isLiteral: Bool
        var lines: [String]
    }

    private static func blocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var continues = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isLiteral = line.hasPrefix(" ")
            if line.allSatisfy({ $0 == " " }) {
                continues = false
            } else if continues, blocks.last?.isLiteral == isLiteral {
                blocks[blocks.count - 1].lines.append(String(line))
            } else {
                blocks.append(Block(isLiteral: isLiteral, lines: [String(line)]))
                continues = true
            }
        }
        return blocks
    }
}
