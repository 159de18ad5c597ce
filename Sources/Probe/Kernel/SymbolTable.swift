import Glibc
import SystemCalls

/// All of /proc/kallsyms in memory, to find the functions that addresses lie in.
struct SymbolTable {
    private let text: [UInt8]
    /// Of each line of the kernel image: its address and where its name begins, ascending by address.
    private let lines: [(address: UInt64, name: Int32)]

    /// - Throws: `ProbeError` when the file cannot be read.
    init(path: String = "/proc/kallsyms") throws(ProbeError) {
        do { self.init(text: try readFile(path)) } catch {
            throw ProbeError(.unavailable, "cannot read \(path): \(error)")
        }
    }

    init(text: [UInt8]) {
        self.text = text
        var lines: [(address: UInt64, name: Int32)] = []
        lines.reserveCapacity(text.count / 44)
        var isSorted = true
        text.withUnsafeBufferPointer { bytes in
            var index = 0
            let count = bytes.count
            while index < count {
                var address: UInt64 = 0
                while index < count, bytes[index] != 0x20 {
                    let byte = bytes[index]
                    address = address << 4 | UInt64(byte < 0x3A ? byte & 15 : (byte & 7) + 9)
                    index += 1
                }
                let name = index + 3
                index = name
                while index < count, bytes[index] != 0x0A, bytes[index] != 0x09 { index += 1 }
                // A tab: a module's.
                if index < count, bytes[index] == 0x0A {
                    if let last = lines.last, last.address > address { isSorted = false }
                    lines.append((address, Int32(name)))
                }
                while index < count, bytes[index] != 0x0A { index += 1 }
                index += 1
            }
        }
        self.lines = isSorted ? lines : lines.sorted { $0.address < $1.address }
    }

    /// The function that an address lies in, by the first name at its address that is none of a section's.
    func function(holding address: UInt64) -> KernelSymbol? {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let start = lines[low - 1].address
        var first = low - 1
        while first > 0, lines[first - 1].address == start { first -= 1 }
        let names = (first..<low).map { name(lines[$0].name) }
        let chosen = names.first { !$0.hasPrefix("__pfx_") && !$0.hasPrefix("_stext") && !$0.hasPrefix("_text") }
        let end = low < lines.count ? lines[low].address : start
        return KernelSymbol(name: chosen ?? names[0], address: start, end: end, isModule: false)
    }

    /// Every symbol whose name is one of these up to its first dot.
    func parts(of bases: Set<String>) -> [KernelSymbol] {
        let wanted = Set(bases.map { Array($0.utf8) })
        var found: [KernelSymbol] = []
        for index in lines.indices {
            let base = bytes(lines[index].name, until: 0x2E)
            guard wanted.contains(Array(base)) else { continue }
            var next = index + 1
            while next < lines.count, lines[next].address == lines[index].address { next += 1 }
            found.append(
                KernelSymbol(
                    name: name(lines[index].name), address: lines[index].address,
                    end: next < lines.count ? lines[next].address : lines[index].address, isModule: false))
        }
        return found
    }

    private func name(_ start: Int32) -> String { String(decoding: bytes(start, until: 0x0A), as: UTF8.self) }

    private func bytes(_ start: Int32, until stop: UInt8) -> ArraySlice<UInt8> {
        var end = Int(start)
        while end < text.count, text[end] != stop, text[end] != 0x0A { end += 1 }
        return text[Int(start)..<end]
    }
}
