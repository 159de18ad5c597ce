/// Rows added up by their keys.
struct RowSums<Row: RecordRow>: Sendable {
    private(set) var rows: [Row.Key: Row] = [:]
    /// Sums that 64 bits do not hold: they are left out.
    private(set) var contradictions = 0

    mutating func add(_ row: Row) {
        guard let before = rows[row.key] else {
            rows[row.key] = row
            return
        }
        if let sum = before.adding(row) { rows[row.key] = sum } else { contradictions += 1 }
    }

    /// Gives rows another key, and adds them up with those that have it.
    /// - Parameter renamed: nil for a row that stays.
    mutating func move(_ renamed: (Row) -> Row?) {
        for (key, row) in rows {
            guard let moved = renamed(row) else { continue }
            rows[key] = nil
            add(moved)
        }
    }
}
