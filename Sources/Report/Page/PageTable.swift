/// A column of a page's table.
struct PageColumn<Record> {
    let title: String
    /// `right` for numbers, `wrap` for long text, `opt` for what a telephone does without.
    let classes: String
    /// Markup.
    let cell: (Record) -> String

    init(_ title: String, _ classes: String = "", markup cell: @escaping (Record) -> String) {
        self.title = title
        self.classes = classes
        self.cell = cell
    }

    init(_ title: String, _ classes: String = "", text cell: @escaping (Record) -> String) {
        self.init(title, classes, markup: { Markup.escaped(cell($0)) })
    }

    /// A column of a terminal's table.
    init(_ column: Column<Record>) {
        let classes = [column.alignment == .right ? "right" : "", column.dropOrder == nil ? "" : "opt"]
        self.init(column.title, classes.filter { !$0.isEmpty }.joined(separator: " "), text: column.cell)
    }
}

/// A table of a page: the first cell of a row is its heading.
struct PageTable<Record> {
    /// What it is of; no markup.
    let caption: String
    let columns: [PageColumn<Record>]
    let rows: [Record]
    /// Whether it fits a telephone: then it need not scroll.
    var isNarrow = false

    /// The first rows of many; the caption tells how many more there are.
    static func first(_ most: Int, of rows: [Record], _ caption: String, _ columns: [PageColumn<Record>]) -> String {
        let more = rows.count - most
        return PageTable(
            caption: caption + (more > 0 ? ", and \(more) more" : ""), columns: columns, rows: Array(rows.prefix(most))
        ).html
    }

    var html: String {
        let head = columns.map { Markup.element("th", attributes($0, ["scope": "col"]), Markup.escaped($0.title)) }
        let body = rows.map { row in
            let cells = columns.enumerated().map { index, column in
                index == 0
                    ? Markup.element("th", attributes(column, ["scope": "row"]), column.cell(row))
                    : Markup.element("td", attributes(column, [:]), column.cell(row))
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let table = Markup.element(
            "table", isNarrow ? ["class": "narrow"] : [:],
            Markup.element("caption", Markup.escaped(caption)) + "<thead><tr>\(head.joined())</tr></thead><tbody>\n"
                + body.joined(separator: "\n") + "\n</tbody>")
        let scroller: KeyValuePairs = ["class": "scroll", "role": "region", "aria-label": caption, "tabindex": "0"]
        return isNarrow ? table : Markup.element("div", scroller, table)
    }

    private func attributes(
        _ column: PageColumn<Record>, _ more: KeyValuePairs<String, String>
    ) -> KeyValuePairs<String, String> {
        guard !column.classes.isEmpty else { return more }
        guard let scope = more.first?.value else { return ["class": column.classes] }
        return ["class": column.classes, "scope": scope]
    }
}
