import SiteMap

/// Kernel memory as it is without the kprobes of others: a second mountscope, a tracer. With them in it, instructions that
/// tell what a place does would be hidden.
struct UnprobedMemory: KernelReading {
    private let memory: any KernelReading
    private let originals: [(address: UInt64, bytes: [UInt8])]

    /// The pages of copies, as /proc/kallsyms calls them (since 5.9); there are none where nothing is probed.
    static let wantedSymbols: Set<String> = ["kprobe_insn_page", "kprobe_optinsn_page"]
    private static let pageSize = 4096

    init(_ memory: any KernelReading, _ symbols: KernelSymbols) {
        self.memory = memory
        var found: ProbeCopies.Originals = [:]
        let (start, end) = (symbols.only(named: "_stext")?.address ?? 0, symbols.only(named: "_etext")?.address ?? 0)
        if start < end {
            for page in Self.wantedSymbols.sorted().flatMap(symbols.ofModules) {
                guard let bytes = memory.bytes(at: page.address, count: Self.pageSize) else { continue }
                found.merge(
                    ProbeCopies.originals(on: bytes, at: page.address, text: start..<end) {
                        memory.bytes(at: $0, count: $1)
                    }
                ) { first, _ in first }
            }
        }
        originals = found.map { ($0.key, $0.value) }.sorted { $0.address < $1.address }
    }

    func bytes(at address: UInt64, count: Int) -> [UInt8]? {
        guard var bytes = memory.bytes(at: address, count: count) else { return nil }
        let end = address + UInt64(count)
        for original in originals where original.address < end {
            for (offset, byte) in original.bytes.enumerated() {
                let place = original.address + UInt64(offset)
                if place >= address, place < end { bytes[Int(place - address)] = byte }
            }
        }
        return bytes
    }

    func word(at address: UInt64) -> UInt32? { memory.word(at: address) }
    func userRegisters() -> UInt64? { memory.userRegisters() }
}
