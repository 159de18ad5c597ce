import Contention

/// What can be measured on this kernel, and how; attaches nothing.
public enum ProbePlan {
    /// The attach table, as far as the caller's privilege lets it be resolved.
    /// - Throws: `ProbeError` when not even the kernel's symbols can be read.
    public static func describe(options: ProbeOptions) throws(ProbeError) -> [AttachRow] {
        if let obstacle = StartConditions.current.obstacle { throw obstacle }
        let symbols = try KernelSymbols.load(KernelMap.wantedSymbols)
        let types = Result { () throws(ProbeError) in try KernelTypes() }.value
        let memory = Result { () throws(ProbeError) in try KernelMemory() }.value
        let facilities = Facilities(symbols: symbols, types: types, withheld: options.withholding)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: memory, sitesRefusal: facilities.sitesUnneeded(options))
        let plan = AttachPlan(kernel, facilities, choice: options.attach)
        let sites = LockSiteSeries(kernel, facilities, choice: options.attach).expected(kernel, facilities)
        let samples = SamplerPlan(
            kernel, facilities, options, cpus: OnlineCPUs.count(possible: try CounterReader.possibleCPUs()))
        let tracepoints = TracepointPlan(kernel, facilities, choice: options.attach) { key in
            LockSiteSeries.gives(key) ? sites.source(key) : plan.sources[key]
        }
        return AttachTable(plan, sites, samples, tracepoints).rows
    }
}

extension Result {
    /// The value, where a failure is an answer too.
    fileprivate var value: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
