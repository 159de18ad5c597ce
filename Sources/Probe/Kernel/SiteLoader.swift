import SiteMap
import SystemCalls

/// Reads the running kernel's text and maps the sites in it.
struct SiteLoader {
    let symbols: KernelSymbols
    let memory: any KernelReading
    let mountLock: UInt64
    let spinlockOffset: Int
    let namespaceSem: UInt64?

    /// The locks' symbols, and functions without a site that are read all the same.
    static let wantedSymbols: Set<String> = LockAddresses.wanted.union(readAnyway)
    /// Where path_parentat may be inlined.
    private static let readAnyway: Set<String> = ["__filename_parentat", "filename_parentat"]

    /// - Parameter table: all symbols; read when the places are known, for it is large.
    func load(table: () throws(ProbeError) -> SymbolTable) throws(ProbeError) -> SiteMap {
        let text = try excerpt(table: table)
        return SiteMap(text.functions, locks: text.locks, references: text.references)
    }

    /// What a site map is made of.
    struct Excerpt {
        let functions: [KernelFunction]
        let locks: LockAddresses
        let references: [UInt64]
    }

    /// The functions that refer to a lock or call a path walk, and their clones.
    func excerpt(table: () throws(ProbeError) -> SymbolTable) throws(ProbeError) -> Excerpt {
        let locks = addresses
        let walks = locks.functions.filter { LockAddresses.pathWalks.contains($0.value) }.map(\.key)
        let found = try scan(locks.targets + walks)
        let table = try table()
        let named = Self.readAnyway.flatMap { symbols.parts(of: $0) }
        let holders = found.compactMap { table.function(holding: $0) } + named
        let bases = Set(holders.map { KernelFunction.baseName(of: $0.name) })
        let clones = table.clones(of: bases)
        var seen: Set<UInt64> = []
        let functions = (holders + clones).filter { seen.insert($0.address).inserted }.compactMap(read)
        return Excerpt(functions: functions, locks: locks, references: found)
    }

    private var addresses: LockAddresses {
        var functions: [UInt64: String] = [:]
        for name in LockAddresses.wanted {
            for symbol in symbols.all(named: name) { functions[symbol.address] = name }
        }
        var locks = LockAddresses(
            sequence: mountLock, spinlockOffset: UInt64(spinlockOffset), semaphore: namespaceSem, functions: functions)
        locks.text = text
        return locks
    }

    private var text: Range<UInt64>? {
        guard let start = symbols.only(named: "_stext")?.address, let end = symbols.only(named: "_etext")?.address,
            start < end
        else { return nil }
        return start..<end
    }

    /// Window by window.
    private func scan(_ targets: [UInt64]) throws(ProbeError) -> [UInt64] {
        guard let text else {
            throw ProbeError(.unavailable, "_stext and _etext are not in /proc/kallsyms")
        }
        var found: Set<UInt64> = []
        var next = text.lowerBound
        while next < text.upperBound {
            let count = Int(min(text.upperBound - next, 65536))
            guard let bytes = memory.bytes(at: next, count: count) else {
                throw ProbeError(
                    .unavailable,
                    "the kernel's text cannot be read at _stext+0x\(String(next - text.lowerBound, radix: 16))")
            }
            bytes.withUnsafeBytes { found.formUnion(TextScan.references(in: $0, at: next, to: targets)) }
            next += UInt64(count == 65536 ? count - TextScan.overlap : count)
        }
        return found.sorted()
    }

    /// A function's text; nil where it has none that can be read.
    func read(_ symbol: KernelSymbol) -> KernelFunction? {
        let count = Int(symbol.end - symbol.address)
        guard count > 0, let bytes = memory.bytes(at: symbol.address, count: min(count, 65536)) else { return nil }
        return KernelFunction(name: symbol.name, start: symbol.address, bytes: bytes)
    }
}
