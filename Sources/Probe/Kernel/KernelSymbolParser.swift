import Glibc
import SystemCalls

/// Parses /proc/kallsyms in chunks: `ffffffff81000000 T _stext`, a tab and `[module]` behind a module's symbols.
///
/// One pass over the bytes, and a string only for what is kept: a kernel has 120,000 to 250,000 lines.
struct KernelSymbolParser {
    private let wanted: Set<String>
    /// FNV-1a of the wanted names; a hit is then compared in full.
    private let wantedHashes: Set<UInt64>
    /// All functions of the kernel image.
    private var functions = SymbolTable()
    private var rest: [UInt8] = []
    private var byBaseName: [String: [KernelSymbol]] = [:]
    /// Kept symbols that wait for a higher address: their end.
    private var open: [(base: String, name: String, address: UInt64, isModule: Bool)] = []
    private var lineCount = 0
    private var sawAddress = false

    init(wanted: Set<String>) {
        self.wanted = wanted
        wantedHashes = Set(wanted.map { FNV1a($0.utf8).value })
    }

    mutating func consume(_ chunk: UnsafeRawBufferPointer) {
        guard !rest.isEmpty else { return consumeLines(chunk) }
        // The last chunk ended within a line: finish that line first.
        guard let newline = chunk.firstIndex(of: 0x0A) else {
            rest.append(contentsOf: chunk)
            return
        }
        rest.append(contentsOf: chunk[...newline])
        let line = rest
        rest = []
        line.withUnsafeBytes { consumeLines($0) }
        consumeLines(UnsafeRawBufferPointer(rebasing: chunk[(newline + 1)...]))
    }

    /// The symbols that were asked for, and all functions.
    mutating func finish() -> (symbols: KernelSymbols, functions: SymbolTable) {
        if !rest.isEmpty {
            let line = rest + [0x0A]
            line.withUnsafeBytes { consumeLines($0) }
        }
        closeAll(at: nil)
        let symbols = KernelSymbols(
            byBaseName: byBaseName, lineCount: lineCount, addressesHidden: lineCount > 0 && !sawAddress)
        return (symbols, functions.sorted)
    }

    private mutating func consumeLines(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        let count = bytes.count
        while start < count {
            // Address, space, letter, space.
            var address: UInt64 = 0
            var index = start
            while index < count, let digit = Self.hexDigit(bytes[index]) {
                address = address << 4 | digit
                index += 1
            }
            index += 3
            let nameStart = index
            var hash = FNV1a()
            var baseEnd = -1
            while index < count, bytes[index] != 0x0A, bytes[index] != 0x09 {
                if bytes[index] == 0x2E, baseEnd < 0, index > nameStart { baseEnd = index }
                if baseEnd < 0 { hash.add(bytes[index]) }
                index += 1
            }
            let nameEnd = index
            while index < count, bytes[index] != 0x0A { index += 1 }
            guard index < count else {
                rest = Array(bytes[start...])
                return
            }
            lineCount += 1
            sawAddress = sawAddress || address != 0
            if !open.isEmpty, address > open[0].address { closeAll(at: address) }
            if index == nameEnd, nameEnd > nameStart, Self.isText(bytes[nameStart - 2]) {
                functions.append(address, UnsafeRawBufferPointer(rebasing: bytes[nameStart..<nameEnd]))
            }
            if wantedHashes.contains(hash.value), nameEnd > nameStart {
                keep(
                    bytes, nameStart..<nameEnd, base: nameStart..<(baseEnd < 0 ? nameEnd : baseEnd), address,
                    index > nameEnd)
            }
            start = index + 1
        }
    }

    private mutating func keep(
        _ bytes: UnsafeRawBufferPointer, _ name: Range<Int>, base: Range<Int>, _ address: UInt64, _ isModule: Bool
    ) {
        let baseName = String(decoding: bytes[base], as: UTF8.self)
        guard wanted.contains(baseName) else { return }
        open.append((baseName, String(decoding: bytes[name], as: UTF8.self), address, isModule))
    }

    private mutating func closeAll(at end: UInt64?) {
        for symbol in open {
            byBaseName[symbol.base, default: []].append(
                KernelSymbol(
                    name: symbol.name, address: symbol.address, end: end ?? symbol.address, isModule: symbol.isModule))
        }
        open.removeAll(keepingCapacity: true)
    }

    /// `t`, `T`, `w`, `W`: in the kernel's text.
    @inline(__always)
    private static func isText(_ letter: UInt8) -> Bool { letter | 0x20 == 0x74 || letter | 0x20 == 0x77 }

    @inline(__always)
    private static func hexDigit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x61...0x66: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }
}

extension KernelSymbols {
    /// Reads a kallsyms file and keeps the symbols whose name, or its part before the first dot, is in `wanted`.
    /// - Throws: `ProbeError` when the file cannot be read.
    public static func load(_ wanted: Set<String>, from path: String = "/proc/kallsyms") throws(ProbeError)
        -> KernelSymbols
    {
        try loadAll(wanted, from: path).symbols
    }

    /// The same, and all functions: the kernel takes longer to write the file than anybody to read it, so it is read once.
    /// - Throws: `ProbeError` when the file cannot be read.
    static func loadAll(
        _ wanted: Set<String>, from path: String = "/proc/kallsyms"
    ) throws(ProbeError) -> (symbols: KernelSymbols, functions: SymbolTable) {
        var parser = KernelSymbolParser(wanted: wanted)
        do throws(Errno) {
            try FileDescriptor.open(path, O_RDONLY).forEachChunk { parser.consume($0) }
        } catch {
            throw ProbeError(
                .unavailable, "cannot read \(path): \(error)",
                hint: "mount /proc, and use a kernel with CONFIG_KALLSYMS")
        }
        return parser.finish()
    }
}
