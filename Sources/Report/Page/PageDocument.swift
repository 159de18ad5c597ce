/// A page: one HTML file that loads nothing from anywhere and runs nothing.
struct PageDocument {
    /// Of the window, and the heading.
    let title: String
    /// What stands above all sections; markup.
    let head: String
    private var sections: [String] = []

    init(title: String, head: String) {
        self.title = title
        self.head = head
    }

    /// Adds a section with its heading.
    /// - Parameter content: markup; a section without any is left out.
    mutating func append(_ heading: String, _ content: String) {
        guard !content.isEmpty else { return }
        sections.append(
            Markup.element("section", Markup.element("h2", Markup.escaped(heading)) + "\n" + content))
    }

    /// The file.
    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(Markup.escaped(title))</title>
        <style>
        \(Style.sheet)</style></head><body>
        <header>
        <h1>\(Markup.escaped(title))</h1>
        \(head)
        </header><main>
        \(sections.joined(separator: "\n"))
        </main></body></html>

        """
    }
}

extension Markup {
    /// A paragraph.
    /// - Parameter text: no markup.
    static func paragraph(_ text: String) -> String { element("p", escaped(text)) }

    /// A paragraph of what is less important.
    /// - Parameter text: no markup.
    static func remark(_ text: String) -> String { element("p", ["class": "soft"], escaped(text)) }

    /// Terms and what they are; empty ones are left out.
    static func list(_ items: [(term: String, text: String)]) -> String {
        let known = items.filter { !$0.text.isEmpty }
        return element("dl", known.map { element("dt", escaped($0.term)) + element("dd", escaped($0.text)) }.joined())
    }

    /// Figures side by side where there is room.
    static func plots(_ figures: [String]) -> String {
        figures.isEmpty ? "" : element("div", ["class": "plots"], figures.joined(separator: "\n"))
    }
}
