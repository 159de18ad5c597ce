import CProbe
import Contention
import ProbeImage
import SystemCalls

/// The probes on the running kernel: attached when it is made, detached when it is closed.
public final class ProbeSession: SnapshotSource {
    /// What is attached where, and what is missing and why.
    public let attachTable: [AttachRow]

    private let plan: AttachPlan
    private let series: LockSiteSeries
    private let keys: [SeriesKey]
    private let memory: KernelMemory
    private let mountLock: UInt64
    private let programs: BPFObject?
    private let sites: LockSiteProbes?
    private var sequence: SequenceCounter
    private var reader: CounterReader

    /// Resolves, loads and attaches everything this kernel allows.
    /// - Throws: `ProbeError`: `.notPermitted` without the privilege, `.unavailable` when a required rule cannot be had;
    ///   what the options' observer throws.
    public init(options: ProbeOptions) throws {
        let memory = try KernelMemory()
        let types = try KernelTypes()
        let symbols = try KernelSymbols.load(KernelMap.wantedSymbols)
        if symbols.addressesHidden {
            throw ProbeError(.notPermitted, "/proc/kallsyms hides its addresses", hint: ProbeError.needsRoot)
        }
        let facilities = Facilities(types: types, withheld: options.withholding)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: memory, sitesRefusal: facilities.sitesRefusal(options.attach))
        let attacher = Attacher(kernel: kernel, facilities: facilities, choice: options.attach)
        let wanted = LockSiteSeries(kernel, facilities, choice: options.attach)
        let points = AttachPlan(kernel, facilities, choice: options.attach).pointCount
        var progress = AttachProgress(total: points + wanted.wanted.count, observer: options.observer)
        let (plan, programs) = try attacher.attach(&progress)
        if let lacking = plan.rows.first(where: { $0.required && $0.mode == .unavailable }) {
            throw ProbeError(
                .unavailable, "\(lacking.key) cannot be had on this kernel: \(lacking.reason)",
                hint: lacking.hint.isEmpty ? "mountscope probe shows what can" : lacking.hint)
        }
        guard let address = kernel.mountLock.address, let first = memory.word(at: address) else {
            throw ProbeError(.unavailable, "mount_lock's sequence cannot be read", hint: "is the kernel locked down?")
        }
        let reader = try CounterReader(programs: programs)
        var series = wanted
        var sites: LockSiteProbes?
        if !wanted.wanted.isEmpty {
            do {
                let probes = try LockSiteProbes(
                    wanted.plan, kernel: kernel, pmuType: facilities.kprobePMU ?? 0,
                    possibleCPUs: reader.possibleCPUs, progress: &progress)
                series = wanted.attached(probes.plan)
                sites = probes
            } catch let error as BPFObject.Refusal {
                series = wanted.refused("the kernel refused \(error.program): \(error.reason)")
            }
        }
        let table = AttachTable(plan, series)
        self.plan = plan
        self.series = series
        self.memory = memory
        self.programs = programs
        self.sites = sites
        self.reader = reader
        keys = table.keys
        attachTable = table.rows
        mountLock = address
        sequence = SequenceCounter(first: memory.word(at: address) ?? first)
    }

    deinit { close() }

    /// Detaches everything. The session gives no more snapshots.
    public func close() {
        sites?.close()
        programs?.close()
    }

    /// Cumulative since the probes were attached.
    public func snapshot() throws -> Snapshot {
        guard let word = memory.word(at: mountLock) else {
            throw ProbeError(.failed, "mount_lock's sequence can no longer be read")
        }
        let sections = sequence.sections(at: word)
        try reader.refresh()
        try sites?.refresh()
        let losses = LossReader(plan: plan, programs: programs, reader: reader, sites: sites)
        return Snapshot(
            monotonic: Clocks.monotonic(), realtime: Clocks.realtime(), possibleCPUs: reader.possibleCPUs,
            readings: keys.map { reading($0, sections: sections, losses: losses) })
    }

    private func reading(_ key: SeriesKey, sections: UInt64, losses: LossReader) -> SeriesReading {
        if key.metric == .lostEvents { return losses.reading(key) }
        let isSite = LockSiteSeries.gives(key)
        let source = isSite ? series.source(key) : plan.sources[key]
        guard let source, source.mode != .unavailable else {
            let reason = source?.reason ?? "nothing measures it"
            return SeriesReading(key: key, mode: .unavailable, value: .unavailable(reason: reason), lost: nil)
        }
        let value: ReadingValue
        if isSite {
            value = sites?.reader.value(key) ?? .unavailable(reason: "nothing measures it")
        } else {
            value = key.metric == .writeSections ? .total(sections) : reader.value(key)
        }
        return SeriesReading(key: key, mode: source.mode, value: value, lost: losses.lost(key, source.programs))
    }
}
