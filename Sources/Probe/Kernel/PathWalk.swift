/// A path walk that is tried in RCU mode first (fs/namei.c).
enum PathWalk: String, CaseIterable {
    case lookup = "path_lookupat"
    case open = "path_openat"
    case parent = "path_parentat"

    /// Of `walk_fallbacks`.
    var site: String {
        switch self {
        case .lookup: "lookup"
        case .open: "open"
        case .parent: "parent"
        }
    }
}
