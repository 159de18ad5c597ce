import CProbe

/// Rows of blame whose writer has no name. Most have one a moment later: a writer is named at the end of its first section, and a
/// victim may have met it before. Two readers that give the semaphore back in the same instant may leave one's half and the
/// other's: then it is nobody, and stays that.
struct UnnamedWriters {
    private struct Place: Hashable {
        let writer: Identity
        let victim: Identity
        let call: Int32
        let suffering: UInt32

        init(_ key: ms_blame_key) {
            (writer, victim) = (Identity(key.writer), Identity(key.victim))
            (call, suffering) = (key.call, key.victim.series)
        }
    }

    /// What a row's writer is taken for.
    enum Writer: Equatable { case known, unknown, notYet }

    /// Without a name at the latest reading, for the first time.
    private var pending: Set<Place> = []
    private var nobodys: Set<Place> = []

    /// - Parameters:
    ///   - rows: all that the table has.
    ///   - isNamed: whether an actor's name is known.
    /// - Returns: by row; `notYet` is to be left out, once.
    mutating func judge(_ rows: [ms_blame_key], isNamed: (ms_actor_key) -> Bool) -> [Writer] {
        var stillPending: Set<Place> = []
        var stillNobodys: Set<Place> = []
        defer { (pending, nobodys) = (stillPending, stillNobodys) }
        return rows.map { row in
            guard row.writer.tgid != 0 || row.writer.start_ns != 0 else { return .unknown }
            let place = Place(row)
            if !nobodys.contains(place) {
                if isNamed(row.writer) { return .known }
                guard pending.contains(place) else {
                    stillPending.insert(place)
                    return .notYet
                }
            }
            stillNobodys.insert(place)
            return .unknown
        }
    }
}
