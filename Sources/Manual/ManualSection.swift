/// A section of the manual page.
struct ManualSection {
    struct Item {
        /// As it stands behind `.It`.
        let term: String
        let text: String
    }

    let title: String
    var text = ""
    var items: [Item] = []
    var macros: [String] = []
}
