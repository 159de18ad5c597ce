import CProbe
import Contention
import SystemCalls

/// Everything that is attached: the programs on functions and tables, and those on the locks' instructions.
final class ProbeAttachment {
    let plan: AttachPlan
    let series: LockSiteSeries
    let programs: BPFObject?
    let sites: LockSiteProbes?
    private(set) var samples: SamplerPlan
    private(set) var sampler: Sampler?
    let waits: TracepointPlan
    let tracepoints: TracepointProbes?
    /// What calls took before the first probe; nil where nobody asks for prices or no probe was to be attached.
    let unprobed: PriceTrial?
    /// Every series of this kernel, in the order of all outputs.
    let keys: [SeriesKey]
    private let possibleCPUs: Int
    /// How each of them is had.
    private(set) var sources: [SeriesKey: AttachPlan.Source]

    /// Loads and attaches what this kernel allows.
    /// - Throws: `ProbeError`, and what the options' observer throws; then nothing stays attached.
    init(_ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int) throws {
        self.possibleCPUs = possibleCPUs
        let attacher = Attacher(
            kernel: kernel, facilities: facilities, choice: options.attach, possibleCPUs: possibleCPUs)
        let wanted = LockSiteSeries(kernel, facilities, choice: options.attach).sparing(kernel)
        let points = AttachPlan(kernel, facilities, choice: options.attach).pointCount
        let places = points + wanted.wanted.count
        try Self.makeRoom(places: places, possibleCPUs: possibleCPUs)
        unprobed = options.budget != nil && places > 0 ? PriceTrial.run() : nil
        var progress = AttachProgress(total: places, observer: options.observer)
        (plan, programs) = try attacher.attach(&progress)
        do {
            (series, sites) = try Self.attach(wanted, kernel, facilities, possibleCPUs, &progress)
        } catch {
            programs?.close()
            throw error
        }
        let areLoopsProbed = sites?.plan.attached.contains { $0.program == .readerPaused } ?? false
        let wantedSamples = SamplerPlan(
            kernel, facilities, options, cpus: OnlineCPUs.count(possible: possibleCPUs))
        (samples, sampler) = try Self.startSampler(wantedSamples.probingLoops(areLoopsProbed), possibleCPUs)
        let (plan, series, samples) = (plan, series, samples)
        let wantedWaits = TracepointPlan(kernel, facilities, choice: options.attach) { key in
            LockSiteSeries.gives(key) ? series.source(key) : plan.sources[key]
        }
        (waits, tracepoints) = try Self.attach(wantedWaits, possibleCPUs)
        let waits = waits
        keys = AttachTable.keys(series, samples, waits)
        let ofSites = keys.filter(LockSiteSeries.gives).map { ($0, series.source($0)) }
        let sampled = keys.filter(SamplerPlan.gives).map { ($0, samples.source($0)) }
        let traced = keys.compactMap { key in waits.source(key).map { (key, $0) } }
        sources = plan.sources.merging(ofSites + sampled + traced) { $1 }
    }

    /// A probe is an event and a link, and so is a CPU's timer; 256 are for maps, programs and everything else.
    static func filesNeeded(places: Int, possibleCPUs: Int) -> UInt64 { UInt64(256 + 2 * (places + possibleCPUs)) }

    private static func makeRoom(places: Int, possibleCPUs: Int) throws(ProbeError) {
        let needed = filesNeeded(places: places, possibleCPUs: possibleCPUs)
        guard !OpenFiles.makeRoom(for: needed) else { return }
        let limit = OpenFiles.limit?.soft ?? 0
        throw ProbeError(
            .failed, "\(places) probes on \(possibleCPUs) CPUs need \(needed) open files, the limit is \(limit)",
            hint: "raise it (ulimit -n \(needed), LimitNOFILE=\(needed) in a unit), or take fewer: --attach function")
    }

    /// A kernel that refuses leaves these series as they are without.
    private static func attach(_ plan: TracepointPlan, _ possibleCPUs: Int) throws -> (
        TracepointPlan, TracepointProbes?
    ) {
        guard !plan.keys.isEmpty else { return (plan, nil) }
        do { return (plan, try TracepointProbes(plan, possibleCPUs: possibleCPUs)) } catch is BPFObject.Refusal {
            return (plan.refused, nil)
        }
    }

    /// A kernel that refuses costs the samples, not the run.
    private static func startSampler(_ plan: SamplerPlan, _ possibleCPUs: Int) throws -> (SamplerPlan, Sampler?) {
        guard plan.refusal == nil, let hertz = plan.hertz else { return (plan, nil) }
        do {
            let sampler = try Sampler(plan, hertz: hertz, online: OnlineCPUs.levels(possible: possibleCPUs))
            return (plan, sampler)
        } catch let error as BPFObject.Refusal {
            return (plan.refused("the kernel refused the sampler: \(error.reason)"), nil)
        }
    }

    private static func attach(
        _ wanted: LockSiteSeries, _ kernel: KernelMap, _ facilities: Facilities, _ possibleCPUs: Int,
        _ progress: inout AttachProgress
    ) throws -> (LockSiteSeries, LockSiteProbes?) {
        guard !wanted.wanted.isEmpty else { return (wanted, nil) }
        do {
            let probes = try LockSiteProbes(
                wanted.plan, kernel: kernel, facilities: facilities, possibleCPUs: possibleCPUs, progress: &progress)
            return (wanted.attached(probes.plan, probes.calls?.traced), probes)
        } catch let error as BPFObject.Refusal {
            return (wanted.refused("the kernel refused \(error.program): \(error.reason)"), nil)
        }
    }

    /// Copies samples and waits as they are now.
    /// - Throws: `ProbeError` where they can no longer be read.
    func refresh(_ online: [UInt64]) throws(ProbeError) {
        try tracepoints?.refresh()
        try sampler?.refresh(online)
    }

    /// Lets CPUs that have come online be sampled.
    func follow(_ online: [UInt64]) {
        do throws(BPFObject.Refusal) { try sampler?.follow(online) } catch {
            // It takes no part; the other CPUs' samples are as good as before.
        }
    }

    /// Takes programs off for good, and begins to sample where nobody does: something has to go on. Returns at once.
    /// - Throws: `ProbeError` where the sampler does not fit this binary.
    func withdraw(_ programs: [String]) throws {
        for program in programs { detach(program) }
        guard !programs.isEmpty else { return }
        if programs.contains(LockSite.Program.readerPaused.rawValue) { samples = samples.probingLoops(false) }
        if let plan = samples.awakened { (samples, sampler) = try Self.startSampler(plan, possibleCPUs) }
        for key in keys where SamplerPlan.gives(key) { sources[key] = samples.source(key) }
    }

    /// How many probes of each kind there are.
    var summary: String {
        let kprobes =
            plan.attachments.reduce(0) { $0 + $1.kprobeAddresses.count } + (sites?.plan.attached.count ?? 0)
        let traced = plan.attachments.count { $0.kprobeAddresses.isEmpty } + (sites?.calls?.pointCount ?? 0)
        let parts = [
            kprobes > 0 ? "\(kprobes) \(kprobes == 1 ? "kprobe" : "kprobes")" : nil,
            traced > 0 ? "\(traced) fentry and fexit" : nil,
            tracepoints.map { _ in "\(TracepointPlan.programs.count) tracepoints" },
            sampler.map { "samples at \($0.hertz) Hz" },
        ].compactMap { $0 }
        return parts.isEmpty ? "no probe" : parts.joined(separator: ", ")
    }

    deinit { close() }

    /// Detaches everything; many probes take seconds.
    func close() {
        tracepoints?.close()
        sampler?.close()
        sites?.close()
        programs?.close()
    }

    /// Takes a program off everything it is attached to, for good; returns at once.
    func detach(_ program: String) {
        if LockSite.Program(rawValue: program) != nil {
            sites?.object.detach(program)
        } else if let program = CallProgram(rawValue: program) {
            sites?.calls?.detach(program)
        } else if TracepointPlan.programs.contains(program) {
            tracepoints?.object.detach(program)
        } else {
            programs?.detach(program)
        }
    }

    /// Every program that is attached somewhere, with its runs so far.
    func runs(_ reader: CounterReader) -> [OwnAccount.Program] {
        let main = plan.attachments.map { attachment in
            OwnAccount.Program(
                name: attachment.program, isKprobe: !attachment.kprobeAddresses.isEmpty,
                hits: reader.hits(attachment.program))
        }
        let traced =
            tracepoints.map { probes in
                TracepointPlan.programs.map {
                    OwnAccount.Program(name: $0, isKprobe: false, hits: probes.hits($0))
                }
            } ?? []
        guard let sites else { return main + traced }
        let attached = Set(sites.plan.attached.map(\.program))
        let around = (sites.calls?.programs ?? []).map { program in
            OwnAccount.Program(name: program.rawValue, isKprobe: false, hits: sites.reader.hits(program))
        }
        return main + traced + around
            + LockSite.Program.allCases.filter(attached.contains).map { program in
                OwnAccount.Program(name: program.rawValue, isKprobe: true, hits: sites.reader.hits(program))
            }
    }
}
