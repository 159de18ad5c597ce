import CProbe

/// Rows of blame whose writer or victim has no name. Most have one a moment later: a writer is named at the end of its first section,
/// and a victim may have met it before. Two readers that give the semaphore back in the same instant may leave one's half and
/// the other's: then the writer is nobody, and stays that.
struct UnnamedActors {
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

    /// Those that were left out once.
    private var waited: Set<Place> = []
    private var nobodys: Set<Place> = []

    /// - Parameters:
    ///   - rows: all that the table has.
    ///   - isNamed: whether an actor's name is known.
    /// - Returns: by row; `notYet` is to be left out, once.
    mutating func judge(_ rows: [ms_blame_key], isNamed: (ms_actor_key) -> Bool) -> [Writer] {
        let (before, nobodysBefore) = (waited, nobodys)
        (waited, nobodys) = ([], [])
        return rows.map { row in
            let place = Place(row)
            let hasWriter = row.writer.tgid != 0 || row.writer.start_ns != 0
            if before.contains(place) { waited.insert(place) }
            let isNobody = nobodysBefore.contains(place) || (hasWriter && !isNamed(row.writer))
            if (isNobody || !isNamed(row.victim)) && waited.insert(place).inserted { return .notYet }
            guard isNobody else { return hasWriter ? .known : .unknown }
            nobodys.insert(place)
            return .unknown
        }
    }
}
