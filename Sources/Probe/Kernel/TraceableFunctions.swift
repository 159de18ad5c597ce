extension KernelMap {
    /// A function that fentry and fexit can reach: BTF describes it, and no other has its name.
    func traceable(_ name: String, _ parameters: Int?) -> Finding {
        let named = symbols.all(named: name)
        guard named.count <= 1 else {
            return .missing(reason: "\(name) is ambiguous: \(named.count) functions have this name")
        }
        guard let symbol = named.first else {
            let clones = symbols.parts(of: name).map(\.name)
            return .missing(
                reason: clones.isEmpty
                    ? "this kernel has no function \(name)"
                    : "\(name) is only there as \(clones.joined(separator: ", "))")
        }
        guard let described = types?.function(name) else {
            return .missing(reason: "BTF does not describe \(name)")
        }
        if let parameters, described.parameters != parameters {
            return .missing(reason: "\(name) takes \(described.parameters) parameters here, not \(parameters)")
        }
        return symbols.addressesHidden ? Finding.needsAddresses : .found([symbol.address])
    }
}
