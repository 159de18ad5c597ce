/// One instruction of the kernel that uses the locks: what it does, and what is attached to it.
public struct SiteRow: Sendable, Equatable {
    /// The kernel function, clones' suffixes included, and the instruction's place in it: `prepend_path+0x231`.
    public let place: String
    public let address: UInt64
    /// `write acquire`, `spin`, `down_read`.
    public let kind: String
    /// The program that would be attached here or at what belongs to it; empty for none.
    public let program: String
    /// Why none is, or what keeps it away; empty where there is nothing to say.
    public let reason: String

    public init(place: String, address: UInt64, kind: String, program: String, reason: String) {
        self.place = place
        self.address = address
        self.kind = kind
        self.program = program
        self.reason = reason
    }
}

/// What a kernel's text says about the locks.
public struct SiteTable: Sendable, Equatable {
    public let rows: [SiteRow]
    /// Places that refer to mount_lock or namespace_sem.
    public let references: Int
    /// How many of them have a known form.
    public let classified: Int
    /// Reading and classifying, nanoseconds.
    public let elapsed: UInt64

    public init(rows: [SiteRow], references: Int, classified: Int, elapsed: UInt64) {
        self.rows = rows
        self.references = references
        self.classified = classified
        self.elapsed = elapsed
    }
}
