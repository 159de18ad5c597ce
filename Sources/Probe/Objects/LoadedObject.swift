/// What readers want of an eBPF object that is loaded: its counts, and what the kernel says of its programs. Tests have their own.
protocol LoadedObject: AnyObject {
    /// Copies a per-CPU array's element, one value for each possible CPU. Returns 0 or a negative errno.
    func readElement(_ map: String, key: UInt32, into buffer: UnsafeMutableRawBufferPointer) -> Int32
    /// An array in memory, for as long as the object lives; nil where it cannot be mapped.
    func mapMemory(_ map: String, bytes: Int) -> UnsafeRawPointer?
    /// Runs skipped because the program was running already; nil where the kernel does not count them.
    func recursionMisses(_ program: String) -> UInt64?
    /// Hits that a program's kprobes missed; nil where the kernel does not count them.
    func missedKprobes(_ program: String) -> UInt64?
    /// Takes a program off everything it is attached to; returns at once.
    func detach(_ program: String)
    func close()
}

extension BPFObject: LoadedObject {}
