/// One instruction that uses mount_lock or namespace_sem, and what it does there.
///
/// The forms are those of include/linux/seqlock.h (5.10 to 7.3) as GCC inlines them, and are accepted only with the exact
/// address of the lock.
public struct Site: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Loads the sequence and tests whether it is odd (`read_seqbegin`).
        case begin
        /// The `pause` of a reader that met an odd sequence.
        case spin
        /// Compares a sequence with the one that was met (`read_seqretry`).
        case validate
        /// Hands the spinlock to the call that a write section begins with.
        case writeRequest = "write request"
        /// Makes the sequence odd: the write section begins.
        case writeAcquire = "write acquire"
        /// Makes the sequence even: the write section ends.
        case writeLeave = "write leave"
        /// Gives the spinlock of a write section back.
        case writeUnlock = "write unlock"
        /// Hands the spinlock to the call of somebody who leaves the sequence alone (`read_seqlock_excl`).
        case exclusiveAcquire = "exclusive acquire"
        /// Gives it back.
        case exclusiveUnlock = "exclusive unlock"
        /// PREEMPT_RT: a reader that met an odd sequence takes the lock, to wait for its holder.
        case readerWait = "reader wait"
        /// And gives it back at once.
        case readerWaitEnd = "reader wait end"
        /// Hands namespace_sem to a function of kernel/locking/rwsem.c.
        case semaphore
        /// Reads namespace_sem's count, to assert that it is held.
        case semaphoreCheck = "count read"
        /// Begins a path walk anew after the one in RCU mode returned -ECHILD (fs/namei.c).
        case redoneWalk = "redone walk"
        /// Refers to the lock in a form that is not known.
        case unknown
    }

    public let kind: Kind
    public let address: UInt64
    /// As kallsyms names it, clones' suffixes included.
    public let function: String
    /// Bytes from the start of the function.
    public let offset: UInt64
    /// Calls: the instruction behind the call, where the lock is held; nil for a tail call.
    public var returnAddress: UInt64?
    /// A semaphore or a redone walk: the function that is called.
    public var callee = ""
    /// A spin: the register that has the odd sequence, 0 to 15 as in instructions.
    public var register: UInt8?
    /// A spin: the instructions of its loop, from the pause to the branch that leaves it; two pieces where the compiler
    /// moved the pause away.
    public var loop: [Range<UInt64>] = []
    /// A begin: where an odd sequence leads; nil where that is not known.
    public var odd: UInt64?
    /// A validation: the first instruction of the block that runs only when it fails.
    public var failure: UInt64?
    /// A validation: its failure block returns -ECHILD or -EAGAIN, whatever else leads there.
    public var failsWithError = false
    /// A validation: where it fails a write section follows, as at the end of `__legitimize_mnt` only (fs/namespace.c).
    public var failsIntoSection = false
    /// A validation: its failure block lies before it, the head of a loop that tries again.
    public var triesAgain: Bool { failure.map { $0 <= address } ?? false }
    /// An unknown place: what it might do. Empty of all others.
    public var doubts: Set<Doubt> = []
    /// Why a probe here, or at `failure`, would count something else too; empty where it would not.
    public var obstacle = ""

    public init(kind: Kind, address: UInt64, function: String, offset: UInt64) {
        self.kind = kind
        self.address = address
        self.function = function
        self.offset = offset
    }

    /// The function's name up to its first dot.
    public var baseName: String { KernelFunction.baseName(of: function) }
    /// `path_mount+0x1c`
    public var place: String { "\(function)+0x\(String(offset, radix: 16))" }
}
