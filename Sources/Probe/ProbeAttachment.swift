import Contention
import SystemCalls

/// Everything that is attached: the suppliers of all series, and who of them gives which.
final class ProbeAttachment {
    private let list: SupplierList
    let possibleCPUs: Int
    /// Every series of this kernel, in the order of all outputs.
    let keys: [SeriesKey]
    /// Where each stands among them.
    private let indices: [SeriesKey: Int]
    /// What calls took before the first probe; nil where nobody asks for prices or no probe was to be attached.
    let unprobed: PriceTrial?
    /// Who gives a series, and how.
    private var sources: [(supplier: any SeriesSupplier, offer: Offer)?] = []

    /// Attaches what the kernel allows.
    /// - Throws: `ProbeError`, and what the options' observer throws; then nothing stays attached.
    init(_ suppliers: [any SeriesSupplier], _ options: ProbeOptions, possibleCPUs: Int) throws {
        list = SupplierList(suppliers: suppliers)
        self.possibleCPUs = possibleCPUs
        let places = suppliers.reduce(0) { $0 + $1.placeCount }
        try Self.makeRoom(places: places, possibleCPUs: possibleCPUs)
        unprobed = options.budget != nil && places > 0 ? PriceTrial.run() : nil
        var progress = AttachProgress(total: places, observer: options.observer)
        do {
            for (place, supplier) in suppliers.enumerated() {
                let earlier = SupplierList(suppliers: Array(suppliers[..<place]))
                try supplier.attach(beside: earlier.asEarlier, &progress)
            }
        } catch {
            for supplier in suppliers { supplier.close() }
            throw error
        }
        keys = list.keys
        indices = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
        choose()
    }

    deinit { close() }

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

    private func choose() { sources = keys.map(list.best) }

    /// What is attached where, and what is missing and why.
    var rows: [AttachRow] { list.rows }

    /// How many probes of each kind there are.
    var summary: String { list.suppliers.reduce(AttachedPoints()) { $0 + $1.points }.words }

    /// Programs that are attached, with their runs as of the latest refresh.
    var programs: [AttachedProgram] { list.programs }

    /// What the kernel itself has timed of a program; nil where it does not say.
    func runTime(_ program: String) -> RunTime? {
        list.suppliers.lazy.compactMap { $0.runTime(program) }.first { $0.runs > 0 }
    }

    /// Copies everything that was counted so far.
    /// - Throws: `ProbeError` where it can no longer be read.
    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        for supplier in list.suppliers { try supplier.refresh(moment) }
    }

    /// Every series as of the latest refresh.
    /// - Parameter withdrawn: programs that were taken off, and why.
    func readings(without withdrawn: [String: String]) -> [SeriesReading] {
        zip(keys, sources).map { key, source in
            guard let source else { return Self.unavailable(key, "nothing measures it") }
            guard source.offer.mode != .unavailable else { return Self.unavailable(key, source.offer.reason) }
            if let why = source.offer.programs.lazy.compactMap({ withdrawn[$0] }).first {
                return Self.unavailable(key, why + standIn(key.metric))
            }
            let value = source.supplier.value(key)
            if case .unavailable(let reason) = value { return Self.unavailable(key, reason) }
            return SeriesReading(
                key: key, mode: source.offer.mode, value: value, lost: source.supplier.lost(key))
        }
    }

    private static func unavailable(_ key: SeriesKey, _ reason: String) -> SeriesReading {
        SeriesReading(key: key, mode: .unavailable, value: .unavailable(reason: reason), lost: nil)
    }

    /// What goes on, sampled, where a metric's probes were taken off; empty where nothing does.
    private func standIn(_ metric: Metric) -> String {
        guard let other = metric.row.standIn, let offer = list.offer(SeriesKey(other)), offer.mode != .unavailable
        else { return "" }
        return ProbeRemoval.separator + other.qualifiedName + ProbeRemoval.standIn
    }

    /// The mode of a series that comes from programs which count by actor; nil of any other.
    func modeByActor(_ key: SeriesKey) -> Mode? {
        guard let place = indices[key], let source = sources[place], source.offer.mode != .unavailable,
            source.supplier is FunctionSupplier || source.supplier is LockSiteSupplier
        else { return nil }
        return source.offer.mode
    }

    /// What slots of the programs on instructions belong to; nil where none is attached.
    var sitePlan: LockSitePlan? {
        list.suppliers.lazy.compactMap { $0 as? LockSiteSupplier }.first?.probes?.plan
    }

    /// Lets CPUs that have come online be measured.
    func follow(_ online: [UInt64]) { for supplier in list.suppliers { supplier.follow(online) } }

    /// Takes programs off for good, and lets what stands in for them begin. Returns at once.
    /// - Throws: `ProbeError` where that does not fit this binary.
    func withdraw(_ programs: [String]) throws {
        guard !programs.isEmpty else { return }
        for supplier in list.suppliers { for program in programs { supplier.detach(program) } }
        for supplier in list.suppliers { try supplier.compensate(for: programs) }
        choose()
    }

    /// Detaches everything; many probes take seconds.
    func close() { for supplier in list.suppliers.reversed() { supplier.close() } }
}
