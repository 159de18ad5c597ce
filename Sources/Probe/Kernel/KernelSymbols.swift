import SiteMap

/// One symbol of the running kernel.
public struct KernelSymbol: Sendable, Equatable {
    public let name: String
    public let address: UInt64
    /// The next higher address that has a symbol; `address` itself where there is none.
    public let end: UInt64
    /// From a loaded module, not from the kernel image.
    public let isModule: Bool
}

/// The symbols of /proc/kallsyms that were asked for, duplicates and compiler clones included.
///
/// Names are not unique: kernels have three `m_start`. Type letters are not kept: the same variable is `D`, `d`, `T`
/// or `b` on different kernels.
public struct KernelSymbols: Sendable {
    /// By the name up to the first dot, in the file's order.
    private let byBaseName: [String: [KernelSymbol]]
    /// Lines read.
    public let lineCount: Int
    /// The kernel shows no addresses: all are 0 (kernel.kptr_restrict, or no CAP_SYSLOG).
    public let addressesHidden: Bool

    init(byBaseName: [String: [KernelSymbol]], lineCount: Int, addressesHidden: Bool) {
        self.byBaseName = byBaseName
        self.lineCount = lineCount
        self.addressesHidden = addressesHidden
    }

    /// Exactly this name, in the kernel image.
    public func all(named name: String) -> [KernelSymbol] {
        (byBaseName[KernelFunction.baseName(of: name)] ?? []).filter { $0.name == name && !$0.isModule }
    }

    /// Exactly this name, elsewhere: of modules, and of what the kernel itself lists like one.
    func ofModules(named name: String) -> [KernelSymbol] {
        (byBaseName[KernelFunction.baseName(of: name)] ?? []).filter { $0.name == name && $0.isModule }
    }

    /// The only symbol of this name; nil where there is none, or more than one.
    public func only(named name: String) -> KernelSymbol? {
        let found = all(named: name)
        return found.count == 1 ? found[0] : nil
    }

    /// The function and everything the compiler cut from it: `.part.0`, `.isra.0`, `.cold`.
    public func parts(of name: String) -> [KernelSymbol] {
        (byBaseName[name] ?? []).filter { !$0.isModule }
    }

    /// The symbol, among those that were asked for, whose text holds an address.
    public func symbol(at address: UInt64) -> KernelSymbol? {
        for symbols in byBaseName.values {
            if let found = symbols.first(where: { $0.address <= address && address < $0.end }) { return found }
        }
        return nil
    }

    /// `prepend_path+0x54`; never an address, which would tell where the kernel lies.
    public func describe(_ address: UInt64) -> String {
        guard let symbol = symbol(at: address) else { return "a place without a symbol" }
        let offset = address - symbol.address
        return offset == 0 ? symbol.name : "\(symbol.name)+0x\(String(offset, radix: 16))"
    }
}
