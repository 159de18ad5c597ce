import CProbe
import Contention
import ProbeImage
import SystemCalls

/// The probes on the running kernel: attached when it is made, detached when it is closed.
public final class ProbeSession: SnapshotSource {
    /// What is attached where, and what is missing and why.
    public let attachTable: [AttachRow]

    private let plan: AttachPlan
    private let memory: KernelMemory
    private let mountLock: UInt64
    private let programs: BPFObject?
    private var sequence: SequenceCounter
    private var reader: CounterReader

    /// Resolves, loads and attaches everything this kernel allows.
    /// - Throws: `.notPermitted` without the privilege, `.unavailable` when a required rule cannot be had.
    public init(options: ProbeOptions) throws(ProbeError) {
        let memory = try KernelMemory()
        let types = try KernelTypes()
        let symbols = try KernelSymbols.load(KernelMap.wantedSymbols)
        if symbols.addressesHidden {
            throw ProbeError(.notPermitted, "/proc/kallsyms hides its addresses", hint: ProbeError.needsRoot)
        }
        let kernel = KernelMap(symbols: symbols, types: types, memory: memory)
        let attacher = Attacher(kernel: kernel, facilities: Facilities(types: types, withheld: options.withholding))
        let (plan, programs) = try attacher.attach()
        if let lacking = plan.rows.first(where: { $0.required && $0.mode == .unavailable }) {
            throw ProbeError(
                .unavailable, "\(lacking.key) cannot be had on this kernel: \(lacking.reason)",
                hint: lacking.hint.isEmpty ? "mountscope probe shows what can" : lacking.hint)
        }
        guard let address = kernel.mountLock.address, let first = memory.word(at: address) else {
            throw ProbeError(.unavailable, "mount_lock's sequence cannot be read", hint: "is the kernel locked down?")
        }
        self.plan = plan
        self.memory = memory
        self.programs = programs
        mountLock = address
        sequence = SequenceCounter(first: first)
        attachTable = plan.rows
        reader = try CounterReader(programs: programs)
    }

    deinit { close() }

    /// Detaches everything. The session gives no more snapshots.
    public func close() { programs?.close() }

    /// Cumulative since the probes were attached.
    public func snapshot() throws -> Snapshot {
        guard let word = memory.word(at: mountLock) else {
            throw ProbeError(.failed, "mount_lock's sequence can no longer be read")
        }
        let sections = sequence.sections(at: word)
        try reader.refresh()
        let losses = LossReader(plan: plan, programs: programs, reader: reader)
        let readings = SeriesKey.all.map { key in
            reading(key, sections: sections, losses: losses)
        }
        return Snapshot(
            monotonic: Clocks.monotonic(), realtime: Clocks.realtime(), possibleCPUs: reader.possibleCPUs,
            readings: readings)
    }

    private func reading(_ key: SeriesKey, sections: UInt64, losses: LossReader) -> SeriesReading {
        if key.metric == .lostEvents { return losses.reading(key) }
        guard let source = plan.sources[key], source.mode != .unavailable else {
            let reason = plan.sources[key]?.reason ?? "nothing measures it"
            return SeriesReading(key: key, mode: .unavailable, value: .unavailable(reason: reason), lost: nil)
        }
        let value = key.metric == .writeSections ? .total(sections) : reader.value(key)
        return SeriesReading(key: key, mode: source.mode, value: value, lost: losses.lost(key, source.programs))
    }
}
