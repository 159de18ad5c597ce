import Contention

extension RunReader {
    /// What a later version has written and this one passes over, and what its recorder left out, a sentence each.
    /// - Throws: `RunReadError`.
    public func passedOver() throws(RunReadError) -> [String] {
        var notes: [String] = []
        if run.impossibleRows > 0 {
            notes.append("\(run.impossibleRows) rows by actor went back and were left out when the run was recorded")
        }
        for file in run.files where !RunTables.knows(file.name) {
            notes.append("\(file.name) is a table that this version does not know; it was passed over")
        }
        for entry in RunTables.all where entry.since <= run.schemaMinor {
            let file = try RunFiles.find(entry.file, of: run)[0]
            var scanner = try RowScanner(path: file.path, length: file.length, size: file.size)
            guard try scanner.next(orTorn: true) else { continue }
            let unknown = try ColumnMap(header: scanner).names.filter { !entry.columns.contains($0) }
            guard !unknown.isEmpty else { continue }
            notes.append(
                "\(entry.file) has columns that this version does not know; they were passed over: "
                    + unknown.joined(separator: ", "))
        }
        return notes
    }
}
