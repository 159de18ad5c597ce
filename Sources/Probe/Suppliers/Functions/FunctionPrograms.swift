/// The programs on path walks and mount tables.
enum FunctionPrograms {
    /// Every program of bpf/mountscope.bpf.c, in the order of `ms_program`.
    static let all = [
        "legitimize_mnt", "handle_dots", "path_lookupat", "path_openat", "path_parentat", "prepend_path_locks",
        "prepend_path_enter", "prepend_path_exit", "m_start", "m_start_acquired", "m_stop", "legitimize_mnt_fails",
        "handle_dots_fails", "lookup_redone", "open_redone", "parent_redone",
        "read_waited", "read_waits", mountsRelease,
    ]
    /// At the close of a mount table's file: it feeds no series, but ends a scan.
    static let mountsRelease = "mounts_release"

    /// Those that go to the first instruction of a function.
    static let atEntries: Set<String> = ["m_start", "m_stop", mountsRelease]
    /// Programs that count nonsense without one another, by name.
    static let groups = [
        "m_start": "pages", "read_waits": "pages", "read_waited": "pages", "m_start_acquired": "pages",
        "m_stop": "pages", mountsRelease: "pages",
        "prepend_path_enter": "paths", "prepend_path_exit": "paths",
    ]

    /// Those that tell a retry's site by its callers.
    static let tellingCallers: Set<String> = ["legitimize_mnt", "legitimize_mnt_fails", "handle_dots"]

    /// The object's only variable that is written: the hits of its programs.
    static let runsMap = ".bss"
}
