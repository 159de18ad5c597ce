/// All functions of the kernel image, to find those that addresses lie in: some 3 MB.
struct SymbolTable {
    /// Without what stands between them, in the order of the file.
    private var names: [UInt8] = []
    /// Where each name ends.
    private var ends: [Int32] = []
    private var addresses: [UInt64] = []
    private var isSorted = true

    mutating func append(_ address: UInt64, _ name: UnsafeRawBufferPointer) {
        if let last = addresses.last, last > address { isSorted = false }
        names.append(contentsOf: name)
        ends.append(Int32(names.count))
        addresses.append(address)
    }

    /// The same, ascending by address; of equal addresses in the order of the file.
    var sorted: SymbolTable {
        guard !isSorted else { return self }
        var table = SymbolTable()
        for index in addresses.indices.sorted(by: { (addresses[$0], $0) < (addresses[$1], $1) }) {
            bytes(index).withUnsafeBytes { table.append(addresses[index], $0) }
        }
        return table
    }

    /// The function that an address lies in, by the first name at its address that is none of a section's.
    func function(holding address: UInt64) -> KernelSymbol? {
        var low = 0
        var high = addresses.count
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let start = addresses[low - 1]
        var first = low - 1
        while first > 0, addresses[first - 1] == start { first -= 1 }
        let found = (first..<low).map(name)
        let chosen = found.first { !$0.hasPrefix("__pfx_") && !$0.hasPrefix("_stext") && !$0.hasPrefix("_text") }
        let end = low < addresses.count ? addresses[low] : start
        return KernelSymbol(name: chosen ?? found[0], address: start, end: end, isModule: false)
    }

    /// Every clone of functions: `.part.0`, `.isra.0`, `.cold`.
    /// - Parameter bases: names up to their first dot.
    func clones(of bases: Set<String>) -> [KernelSymbol] {
        let wanted = Set(bases.map { Array($0.utf8) })
        var found: [KernelSymbol] = []
        for index in addresses.indices {
            // Few names have a dot.
            let name = bytes(index)
            guard let dot = name.firstIndex(of: 0x2E), wanted.contains(Array(name[..<dot])) else { continue }
            var next = index + 1
            while next < addresses.count, addresses[next] == addresses[index] { next += 1 }
            found.append(
                KernelSymbol(
                    name: self.name(index), address: addresses[index],
                    end: next < addresses.count ? addresses[next] : addresses[index], isModule: false))
        }
        return found
    }

    private func name(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    private func bytes(_ index: Int) -> ArraySlice<UInt8> {
        names[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }
}
