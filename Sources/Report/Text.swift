import SystemCalls

extension String {
    var trimmingTrailingSpaces: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }

    /// With blanks behind it up to so many characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// Lines of at most `width` characters, broken between words; all but the first indented by two more.
    /// A longer word has a line of its own and is not cut.
    func wrapped(to width: Int, indent: Int = 0) -> [String] {
        let words = split(separator: " ")
        guard let first = words.first else { return [] }
        var lines: [String] = []
        var line = String(repeating: " ", count: indent) + first
        for word in words.dropFirst() {
            if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(repeating: " ", count: indent + 2) + word
            }
        }
        return lines + [line]
    }
}

extension String {
    /// As it is where it fits, gaps and all; otherwise wrapped.
    func fitted(to width: Int) -> [String] { count <= width ? [self] : wrapped(to: width) }
}

extension [String] {
    /// The lines as text, each ended by a line feed; nothing in them that a terminal would obey.
    var text: String { map { EscapedBytes.visible($0) + "\n" }.joined() }
}
