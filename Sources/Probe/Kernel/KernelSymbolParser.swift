import Glibc
import SystemCalls

/// Parses /proc/kallsyms in chunks: `ffffffff81000000 T _stext`, a tab and `[module]` behind a module's symbols.
///
/// One pass over the bytes, and a string only for what is kept: a kernel has 120,000 to 250,000 lines.
struct KernelSymbolParser {
    private let wanted: Set<String>
    /// FNV-1a of the wanted names; a hit is then compared in full.
    private let wantedHashes: Set<UInt64>
    private var rest: [UInt8] = []
    private var byBaseName: [String: [KernelSymbol]] = [:]
    /// Kept symbols that wait for a higher address: their end.
    private var open: [(base: String, name: String, address: UInt64, isModule: Bool)] = []
    private var lineCount = 0
    private var sawAddress = false

    init(wanted: Set<String>) {
        self.wanted = wanted
        wantedHashes = Set(wanted.map { name in name.utf8.reduce(Self.hashSeed, Self.hashStep) })
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

    mutating func finish() -> KernelSymbols {
        if !rest.isEmpty {
            let line = rest + [0x0A]
            line.withUnsafeBytes { consumeLines($0) }
        }
        closeAll(at: nil)
        return KernelSymbols(
            byBaseName: byBaseName, lineCount: lineCount, addressesHidden: lineCount > 0 && !sawAddress)
    }

    private static let hashSeed: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    private static func hashStep(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

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
            var hash = Self.hashSeed
            var baseEnd = -1
            while index < count, bytes[index] != 0x0A, bytes[index] != 0x09 {
                if bytes[index] == 0x2E, baseEnd < 0, index > nameStart { baseEnd = index }
                if baseEnd < 0 { hash = Self.hashStep(hash, bytes[index]) }
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
            if wantedHashes.contains(hash), nameEnd > nameStart {
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
