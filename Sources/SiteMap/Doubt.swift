/// What a place that is not understood might do to a lock: whose counts it might belong to.
public enum Doubt: Sendable, CaseIterable {
    /// Take or give back mount_lock's spinlock, or move its sequence.
    case holder
    /// Read the sequence: wait until it is even, or validate.
    case reader
    /// Use namespace_sem.
    case semaphore
    /// Call a path walk, with a second try that is not known.
    case walk
    /// Fail a validation that stands elsewhere too, where it is counted.
    case copy
}
