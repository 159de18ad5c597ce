/// The record plane over an interval: only rows in which something happened.
public struct RecordBatch: Sendable, Equatable {
    /// Those seen for the first time.
    public var actors: [ActorRow] = []
    public var tasks: [TaskRow] = []
    public var scans: [ScanRow] = []
    public var blame: [BlameRow] = []
    /// Those that were looked at again, or in which something happened.
    public var namespaces: [NamespaceRow] = []
    /// Why a table has no rows, where it cannot have any.
    public var unavailable: [RecordTable: String] = [:]
    /// Rows whose counters went back or whose sums do not fit, which none can: they are left out.
    public var contradictions = 0

    public init() {}

    /// Without any row, new actor or contradiction.
    public var isEmpty: Bool {
        actors.isEmpty && tasks.isEmpty && scans.isEmpty && blame.isEmpty && namespaces.isEmpty && contradictions == 0
    }

    /// Who they are, without what they did.
    public var actorsOnly: RecordBatch {
        var batch = RecordBatch()
        batch.actors = actors
        batch.unavailable = unavailable
        return batch
    }

    /// What came between two snapshots. A row that `earlier` does not have began at 0; one that `later` does not have was
    /// harvested, and had its last values in `earlier`.
    public init(from earlier: RecordSnapshot, to later: RecordSnapshot) {
        actors = later.newActors
        unavailable = later.unavailable
        tasks = difference(earlier.tasks, later.tasks)
        scans = difference(earlier.scans, later.scans)
        blame = difference(earlier.blame, later.blame)
        namespaces = difference(earlier.namespaces, later.namespaces)
    }

    /// What came in this time and in the next one.
    public mutating func add(_ later: RecordBatch) {
        actors += later.actors
        unavailable = later.unavailable
        contradictions += later.contradictions
        tasks = sum(tasks, later.tasks)
        scans = sum(scans, later.scans)
        blame = sum(blame, later.blame)
        namespaces = RecordBatch.withoutEarlierNames(sum(namespaces, later.namespaces))
    }

    /// A namespace may get its number after it was found: the row without it is the same one's.
    private static func withoutEarlierNames(_ rows: [NamespaceRow]) -> [NamespaceRow] {
        let numbered = Set(rows.compactMap { $0.key.id == nil ? nil : $0.key.inode })
        return rows.filter { $0.key.id != nil || $0.key.inode.map(numbered.contains) != true }
    }

    private mutating func difference<Row: RecordRow>(_ earlier: [Row], _ later: [Row]) -> [Row] {
        let places = RecordBatch.places(earlier)
        return later.compactMap { row in
            guard let place = places[row.key] else { return row }
            guard row != earlier[place] else { return nil }
            guard let change = row.since(earlier[place]) else {
                contradictions += 1
                return nil
            }
            return change
        }
    }

    private mutating func sum<Row: RecordRow>(_ rows: [Row], _ later: [Row]) -> [Row] {
        guard !rows.isEmpty else { return later }
        var sums = rows
        let places = RecordBatch.places(rows)
        for row in later {
            guard let place = places[row.key] else {
                sums.append(row)
                continue
            }
            guard let both = sums[place].adding(row) else {
                contradictions += 1
                continue
            }
            sums[place] = both
        }
        return sums
    }

    private static func places<Row: RecordRow>(_ rows: [Row]) -> [Row.Key: Int] {
        Dictionary(rows.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
