/// The tables of the record plane, beside the actors that they name.
public enum RecordTable: String, Sendable, CaseIterable {
    case tasks, scans, blame, namespaces
}
