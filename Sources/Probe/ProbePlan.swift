import Contention

/// What can be measured on this kernel, and how; attaches nothing.
public enum ProbePlan {
    /// The attach table, as far as the caller's privilege lets it be resolved.
    /// - Throws: `ProbeError` when not even the kernel's symbols can be read.
    public static func describe(options: ProbeOptions) throws(ProbeError) -> [AttachRow] {
        if let obstacle = StartConditions.current.obstacle { throw obstacle }
        let (symbols, functions) = try KernelSymbols.loadAll(SupplierCatalogue.wantedSymbols)
        let types = Result { () throws(ProbeError) in
            try KernelTypes(functions: SupplierCatalogue.tracedFunctions)
        }.value
        let memory = Result { () throws(ProbeError) in try KernelMemory() }.value
        let facilities = Facilities(symbols: symbols, types: types, withheld: options.withholding)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: memory, sitesRefusal: facilities.sitesUnneeded(options),
            table: { functions })
        let suppliers = SupplierCatalogue.suppliers(
            kernel, facilities, options, possibleCPUs: try PossibleCPUs.count(), sequence: { nil })
        return SupplierList(foreseen: suppliers).rows
    }
}

extension Result {
    /// The value, where a failure is an answer too.
    fileprivate var value: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
