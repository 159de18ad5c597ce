/// Reads kernel memory: the running kernel's, or what a test has laid out.
protocol KernelReading {
    /// Copies `count` bytes, at most 64 KiB. Nil when the address cannot be read.
    func bytes(at address: UInt64, count: Int) -> [UInt8]?
    /// A 32-bit word, in one read.
    func word(at address: UInt64) -> UInt32?
    /// Bytes from a task's stack to the registers of its system call; nil where they are not found.
    func userRegisters() -> UInt64?
}

extension KernelReading {
    /// A pointer.
    func pointer(at address: UInt64) -> UInt64? {
        bytes(at: address, count: 8)?.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    /// A symbol's text, or its first 16 KiB.
    func text(of symbol: KernelSymbol) -> KernelText? {
        let count = min(Int(symbol.end - symbol.address), 16384)
        return bytes(at: symbol.address, count: count).map { KernelText(start: symbol.address, bytes: $0) }
    }
}

/// What the kernel says of its types and functions.
protocol KernelTypeReading {
    /// A function's id and how many parameters it takes; nil where it is not known by this name.
    func function(_ name: String) -> (id: Int32, parameters: Int)?
    /// Byte offset of a struct's member; nil where there is none of these names.
    func offset(of member: String, in structure: String) -> Int?
}
