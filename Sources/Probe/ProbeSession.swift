import CProbe
import Contention
import ProbeImage
import SystemCalls

/// The probes on the running kernel: attached when it is made, detached when it is closed.
public final class ProbeSession: SnapshotSource {
    /// What is attached where, and what is missing and why.
    public let attachTable: [AttachRow]

    /// What is attached, in a few words: `auto: 163 kprobes, 2 fexit, 2 CPUs sampled`.
    public let method: String

    private let attachment: ProbeAttachment
    private let memory: KernelMemory
    private let mountLock: UInt64
    private var sequence: SequenceCounter
    private var reader: CounterReader
    private var account: OwnAccount
    /// Write sections that no instruction has shown. Never goes back: the counts are read after the sequence, and so may
    /// know of later sections.
    private var unwatched: UInt64 = 0
    /// What the latest snapshot was made of.
    private var latest: SessionState?

    /// Resolves, loads and attaches everything this kernel allows.
    /// - Throws: `ProbeError`: `.notPermitted` without the privilege, `.unavailable` when a required rule cannot be had;
    ///   what the options' observer throws.
    public init(options: ProbeOptions) throws {
        let conditions = StartConditions.current
        if let obstacle = conditions.obstacle { throw obstacle }
        let memory = try KernelMemory()
        let types = try KernelTypes()
        let symbols = try KernelSymbols.load(KernelMap.wantedSymbols)
        if symbols.addressesHidden {
            throw conditions.hiddenAddresses
        }
        let facilities = Facilities(symbols: symbols, types: types, withheld: options.withholding)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: memory, sitesRefusal: facilities.sitesUnneeded(options))
        let possibleCPUs = try CounterReader.possibleCPUs()
        let attachment = try ProbeAttachment(kernel, facilities, options, possibleCPUs: possibleCPUs)
        if let lacking = attachment.plan.rows.first(where: { $0.required && $0.mode == .unavailable }) {
            throw ProbeError(
                .unavailable, "\(lacking.key) cannot be had on this kernel: \(lacking.reason)",
                hint: lacking.hint.isEmpty ? "mountscope probe shows what can" : lacking.hint)
        }
        guard let address = kernel.mountLock.address, let first = memory.word(at: address) else {
            throw ProbeError(.unavailable, "mount_lock's sequence cannot be read", hint: "is the kernel locked down?")
        }
        var reader = CounterReader(programs: attachment.programs, possibleCPUs: possibleCPUs)
        let prices = try Self.prices(attachment, &reader)
        let table = AttachTable(attachment.plan, attachment.series, attachment.samples, attachment.waits)
        self.attachment = attachment
        method = "\(options.attach.rawValue): \(attachment.summary)"
        self.memory = memory
        self.reader = reader
        account = OwnAccount(prices: prices, budget: options.budget)
        attachTable = table.rows
        mountLock = address
        sequence = SequenceCounter(first: memory.word(at: address) ?? first, at: Clocks.monotonic())
    }

    /// Detaches everything. The session gives no more snapshots.
    public func close() { attachment.close() }

    /// What a hit of a program costs, by the same calls without and with probes; assumed where there are none.
    private static func prices(_ attachment: ProbeAttachment, _ reader: inout CounterReader) throws -> ProbePrices {
        guard let before = attachment.unprobed, !attachment.runs(reader).isEmpty else { return .assumed }
        func hits() throws -> (kprobe: UInt64, tracing: UInt64) {
            try reader.refresh()
            try attachment.sites?.refresh()
            return attachment.runs(reader).reduce(into: (0, 0)) { sum, program in
                if program.isKprobe {
                    sum.kprobe += program.hits
                } else if CallProgram(rawValue: program.name) == nil {
                    // The toggles come by those (mount_setattr), no walk does.
                    sum.tracing += program.hits
                }
            }
        }
        let first = try hits()
        let after = PriceTrial.run()
        let last = try hits()
        return ProbePrices(
            before, after, kprobeHits: last.kprobe - first.kprobe, tracingHits: last.tracing - first.tracing)
    }

    /// Cumulative since the probes were attached. Attaches and detaches nothing.
    public func snapshot() throws -> Snapshot {
        guard let word = memory.word(at: mountLock) else {
            throw ProbeError(.failed, "mount_lock's sequence can no longer be read")
        }
        let sections = sequence.sections(at: word, moment: Clocks.monotonic())
        try reader.refresh()
        try attachment.sites?.refresh()
        let online = OnlineCPUs.levels(possible: reader.possibleCPUs)
        try attachment.refresh(online)
        let seen = attachment.sites?.reader.writeAcquires ?? 0
        unwatched = max(unwatched, sections - min(seen, sections))
        let state = SessionState(
            attachment: attachment, reader: reader, account: account, sections: sections, sequence: sequence,
            unwatched: unwatched, runs: attachment.runs(reader), online: online)
        latest = state
        return Snapshot(
            monotonic: Clocks.monotonic(), realtime: Clocks.realtime(), possibleCPUs: reader.possibleCPUs,
            readings: attachment.keys.map(state.reading))
    }

    /// Lets CPUs that have come online be sampled, and takes probes off that have cost too much.
    public func act(on snapshot: Snapshot) throws {
        guard let latest else { return }
        attachment.follow(latest.online)
        let cpus = latest.online.count { $0 != 0 }
        try attachment.withdraw(account.audit(latest.runs, at: snapshot.monotonic, cpus: cpus))
    }
}
