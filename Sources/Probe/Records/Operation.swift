/// What a task was asked to do, by the number of its system call (arch/x86/entry/syscalls/syscall_64.tbl); as the sites of
/// `namespace_sem.write_hold`, and what readers ask for.
enum Operation {
    private static let names: [Int32: String] = [
        0: "read", 17: "read", 19: "read", 457: "statmount", 458: "listmount",
        165: "mount", 432: "mount", 166: "umount", 429: "move_mount", 442: "mount_setattr",
        428: "open_tree", 467: "open_tree", 272: "unshare", 56: "clone", 57: "clone", 58: "clone", 435: "clone",
        155: "pivot_root", 60: "exit", 231: "exit",
    ]

    /// - Parameter call: -1 where it is not known; then the name is empty.
    static func name(_ call: Int32) -> String { call < 0 ? "" : names[call] ?? "other" }
}
