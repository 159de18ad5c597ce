import CProbe
import Contention

/// All suppliers of a kernel, and what they want to know of it.
enum SupplierCatalogue {
    /// Every symbol that anybody asks for.
    static let wantedSymbols: Set<String> = KernelMap.wantedSymbols.union([TracepointPlan.tracepoint])
        .union(SamplerTargets.grants).union(RefusedCall.tracedFunctions)

    /// Every function of which the kernel's types are to tell.
    static let tracedFunctions: Set<String> = AttachRule.tracedFunctions.union(RefusedCall.tracedFunctions)
        .union(["bpf_rdonly_cast"])

    /// In the order of preference, which is the order of attaching and of reading too: the sequence is read before the
    /// acquisitions that are held against it, and what stands in for others is looked at when it is known what they give.
    static func suppliers(
        _ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int,
        actors: ActorTables? = nil, sequence read: @escaping () -> UInt32?
    ) -> [any SeriesSupplier] {
        let sequence = SequenceSupplier(kernel, facilities, read: read)
        let sites = LockSiteSupplier(
            kernel, facilities, options, possibleCPUs: possibleCPUs, actors: actors)
        let counting: [any SeriesSupplier] = [
            sequence, FunctionSupplier(kernel, facilities, options, possibleCPUs: possibleCPUs, actors: actors),
            sites, CoverageSupplier(sequence, sites),
            TracepointSupplier(kernel, facilities, options, possibleCPUs: possibleCPUs),
            SampleSupplier(kernel, facilities, options, possibleCPUs: possibleCPUs),
            ActorLossSupplier(actors?.object),
        ]
        return counting + [OnlineSupplier(), OwnCostSupplier(of: counting), LossSupplier(of: counting)]
    }
}
