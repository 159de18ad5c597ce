import CDisassembler

/// A function of the kernel, or a part that the compiler cut from one, with its text.
public struct KernelFunction: Sendable {
    /// As kallsyms names it: `lookup_mnt`, `prepend_path.cold`.
    public let name: String
    public let start: UInt64
    public let bytes: [UInt8]

    public init(name: String, start: UInt64, bytes: [UInt8]) {
        self.name = name
        self.start = start
        self.bytes = bytes
    }

    /// Whether it begins with what the function tracer patches (CONFIG_DYNAMIC_FTRACE): five bytes that do nothing, or a
    /// call where somebody traces it; perhaps behind endbr64 or what took its place.
    ///
    /// A breakpoint there counts too: it is how the kernel changes from one to the other.
    public var isTraceable: Bool { body != nil || begin(with: [[0xCC]]) != nil }

    /// The first byte behind that; nil where there is no such thing.
    var body: Int? {
        begin(with: [[0x0F, 0x1F, 0x44, 0x00, 0x00], [0x66, 0x66, 0x66, 0x66, 0x90], [0xE8]]).map { $0 + 5 }
    }

    /// Where one of these stands at the begin, perhaps behind endbr64 or what took its place.
    private func begin(with openings: [[UInt8]]) -> Int? {
        let landings: [[UInt8]] = [
            [], [0xF3, 0x0F, 0x1E, 0xFA], [0x66, 0x0F, 0x1F, 0x00], [0x0F, 0x1F, 0x40, 0x00], [0x0F, 0x1F, 0x40, 0xD6],
        ]
        return landings.first { landing in
            bytes.starts(with: landing) && openings.contains { bytes.dropFirst(landing.count).starts(with: $0) }
        }?.count
    }

    /// The name up to its first dot.
    public var baseName: String { Self.baseName(of: name) }

    /// A symbol's name up to its first dot.
    public static func baseName(of name: String) -> String {
        name.firstIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}

extension RandomAccessCollection<UInt8> {
    /// The 32-bit word that begins at an index, as machine code has it: the lowest byte first.
    func word(at index: Index) -> UInt32 { self[index...].prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }
}

/// A form of instructions that is known.
public enum Form: String, Sendable, CaseIterable {
    /// The sequence is moved.
    case move
    /// The spinlock is taken, or given back.
    case take, release
    /// The sequence is loaded and tested for being odd, or compared.
    case load, comparison
    /// A pause that waits for an even sequence.
    case pause
    /// namespace_sem is handed to a function.
    case semaphore
    /// A walk is done again.
    case secondTry
}

/// The addresses that the instructions are held against.
public struct LockAddresses: Sendable {
    /// The sequence of mount_lock.
    public let sequence: UInt64
    /// Bytes from there to the spinlock: 4, or 16 under PREEMPT_RT.
    public let spinlockOffset: UInt64
    /// nil where it is not known.
    public let semaphore: UInt64?
    /// The kernel's text, `_stext` to `_etext`; nil where it is not known.
    public var text: Range<UInt64>?
    /// Forms that are taken as not known: to try what is claimed on a kernel whose compiler writes others.
    public var blind: Set<Form> = []
    /// Functions by address: those that take or give back a spinlock or a semaphore, and the path walks.
    public let functions: [UInt64: String]

    public init(sequence: UInt64, spinlockOffset: UInt64, semaphore: UInt64?, functions: [UInt64: String]) {
        self.sequence = sequence
        self.spinlockOffset = spinlockOffset
        self.semaphore = semaphore
        self.functions = functions
    }

    /// Whether an instruction moves the sequence.
    func move(_ instruction: cdis_instruction) -> Bool { !blind.contains(.move) && instruction.increments(sequence) }

    /// The function that an instruction calls or jumps to; empty for one that is not wanted.
    func callee(of instruction: cdis_instruction) -> String { functions[instruction.target] ?? "" }

    var spinlock: UInt64 { sequence + spinlockOffset }
    /// PREEMPT_RT: the pointer to the lock that readers wait with (`seqcount_spinlock_t.lock`).
    var readerLock: UInt64? { spinlockOffset == 16 ? sequence + 8 : nil }

    /// The kernel has no function path_parentat of its own.
    var inlinesParentWalk: Bool { !functions.values.contains("path_parentat") }

    /// Everything that an instruction may refer to.
    public var targets: [UInt64] { [sequence, spinlock] + [readerLock, semaphore].compactMap { $0 } }

    /// The functions that are wanted in `functions`.
    public static let spinlockAcquires: Set<String> = ["_raw_spin_lock", "rt_spin_lock"]
    public static let spinlockReleases: Set<String> = ["_raw_spin_unlock", "rt_spin_unlock"]
    public static let semaphoreCalls: Set<String> = [
        "down_write", "down_write_killable", "down_write_nested", "down_read", "down_read_killable",
        "down_read_interruptible", "up_write", "up_read", "downgrade_write",
    ]
    public static let pathWalks: Set<String> = ["path_lookupat", "path_openat", "path_parentat"]
    public static let wanted = spinlockAcquires.union(spinlockReleases).union(semaphoreCalls).union(pathWalks)
}
