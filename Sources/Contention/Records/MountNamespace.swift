/// A mount namespace as the kernel knows it.
///
/// The inode's number is used again at once by the next container, the namespace's own number never (`mnt_namespace.seq`,
/// `ns_id` on newer kernels): rows are keyed by the second, people are shown the first.
public struct MountNamespace: Hashable, Sendable {
    /// The kernel's own number; nil where it is not known.
    public let id: UInt64?
    /// The inode of /proc/PID/ns/mnt; nil where it is not known.
    public let inode: UInt64?

    public init(id: UInt64?, inode: UInt64?) {
        self.id = id
        self.inode = inode
    }

    /// Whether both can be one namespace at one moment.
    public func isSame(as other: MountNamespace) -> Bool {
        if let id, let theirs = other.id { return id == theirs }
        return inode != nil && inode == other.inode
    }
}
