/// A compiled eBPF object, embedded by the CompileBPF plugin.
public struct ProbeImage: Sendable {
    /// Bytes of the object; the last word may be padded.
    public let byteCount: Int
    private let words: [UInt64]

    init(byteCount: Int, words: [UInt64]) {
        self.byteCount = byteCount
        self.words = words
    }

    /// The object's bytes, for the time of the call.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try words.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<byteCount])) }
    }

    /// Reads kernel memory on demand; attached to nothing.
    public static let reader = kernelReader
    /// Finds the registers of a system call on a task's stack; attached to nothing.
    public static let stack = taskStack
    /// What a timer on each CPU runs.
    public static let sampler = timerSampler
    /// What is attached to the contention tracepoints.
    public static let tracepoints = contention
    /// What is attached to functions and to single instructions of the path walk.
    public static let programs = mountscope
    /// What is attached to the instructions that take, leave and wait for the locks.
    public static let sites = lockSites
    /// The tables of actors that those with programs share; attached to nothing.
    public static let actors = actorTables
    /// What is attached around system calls whose bodies refuse probes.
    public static let calls = refusedCalls
}
