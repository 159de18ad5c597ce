import CProbe

/// Which rows of blame can be taken out of their table, since nothing can be added to them any more: those whose victim is gone,
/// and those whose writer is gone and no section's latest writer.
struct BlameDepartures {
    /// Processes that are gone and have rows.
    private var gone: Set<Identity> = []

    /// - Parameter processes: gone before the latest reading of the table.
    mutating func note(_ processes: Set<Identity>, in rows: [ms_blame_key]) {
        guard !processes.isEmpty else { return }
        for row in rows {
            for identity in [Identity(row.writer), Identity(row.victim)] where processes.contains(identity) {
                gone.insert(identity)
            }
        }
    }

    var isEmpty: Bool { gone.isEmpty }

    /// - Parameter latest: who wrote the latest sections and who had the locks last: a victim may still find them.
    /// - Returns: the rows that can be taken out, and who is in no row then.
    mutating func harvest(
        _ rows: [ms_blame_key], latest: Set<Identity>
    ) -> (rows: [ms_blame_key], settled: Set<Identity>) {
        var removable: [ms_blame_key] = []
        var blamed: Set<Identity> = []
        for row in rows {
            let (writer, victim) = (Identity(row.writer), Identity(row.victim))
            if gone.contains(victim) || (gone.contains(writer) && !latest.contains(writer)) {
                removable.append(row)
            } else {
                blamed.formUnion([writer, victim])
            }
        }
        let settled = gone.subtracting(blamed)
        gone.formIntersection(blamed)
        return (removable, settled)
    }
}
