/// The record plane at one moment: cumulative, as the kernel has it.
///
/// A row that is no longer there was harvested: its process is gone and nothing was added since the snapshot before.
public struct RecordSnapshot: Sendable, Equatable {
    /// Those that no snapshot before this one had.
    public var newActors: [ActorRow] = []
    public var tasks: [TaskRow] = []
    public var scans: [ScanRow] = []
    public var blame: [BlameRow] = []
    public var namespaces: [NamespaceRow] = []
    /// Why a table has no rows, where it cannot have any.
    public var unavailable: [RecordTable: String] = [:]

    public init() {}

    /// A source that measures nothing by actor.
    public static func none(_ reason: String) -> RecordSnapshot {
        var snapshot = RecordSnapshot()
        for table in RecordTable.allCases { snapshot.unavailable[table] = reason }
        return snapshot
    }
}
