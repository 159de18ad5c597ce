import Contention
import SystemCalls

/// The probes on the running kernel: attached when it is made, detached when it is closed.
public final class ProbeSession: SnapshotSource {
    /// What is attached where, and what is missing and why.
    public let attachTable: [AttachRow]

    /// What is attached, in a few words: `auto: 163 kprobes, 2 fexit, 2 CPUs sampled`.
    public let method: String

    private let attachment: ProbeAttachment
    private let possibleCPUs: Int
    private let actorTables: ActorTables?
    /// nil where nothing is counted by actor.
    private var actors: ActorReader?
    private let withoutActors: RecordSnapshot
    private var budget: BudgetController
    /// nil where nobody asked who.
    private let inventory: NamespaceInventory?
    /// 1 for each possible CPU that was online at the latest snapshot.
    private var online: [UInt64] = []

    /// Resolves, loads and attaches everything this kernel allows.
    /// - Throws: `ProbeError`: `.notPermitted` without the privilege, `.unavailable` when a required rule cannot be had;
    ///   what the options' observer throws.
    public init(options: ProbeOptions) throws {
        let conditions = StartConditions.current
        if let obstacle = conditions.obstacle { throw obstacle }
        let memory = try KernelMemory()
        let types = try KernelTypes(functions: SupplierCatalogue.tracedFunctions)
        let (symbols, functions) = try KernelSymbols.loadAll(SupplierCatalogue.wantedSymbols)
        if symbols.addressesHidden { throw conditions.hiddenAddresses }
        let facilities = Facilities(symbols: symbols, types: types, withheld: options.withholding)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: memory, sitesRefusal: facilities.sitesUnneeded(options),
            table: { functions })
        possibleCPUs = try PossibleCPUs.count()
        let countsActors = options.actors.isOn ?? kernel.hasCasts
        let (tables, refusal) = Self.actorTables(options.actors, countsActors, kernel, types)
        actorTables = tables
        let suppliers = SupplierCatalogue.suppliers(
            kernel, facilities, options, possibleCPUs: possibleCPUs, actors: tables
        ) {
            kernel.mountLock.address.flatMap(memory.word)
        }
        attachment = try ProbeAttachment(suppliers, options, possibleCPUs: possibleCPUs)
        let prices = try PriceTrial.prices(of: attachment)
        budget = BudgetController(prices: prices, budget: options.budget)
        let names = CgroupNames()
        inventory = countsActors ? NamespaceInventory(names) : nil
        // It reads mount tables itself: before anything is counted, and then once a minute.
        inventory?.look(Clocks.monotonic())
        attachTable = attachment.rows
        method = "\(options.attach.rawValue): \(attachment.summary)"
        if let lacking = attachTable.first(where: { $0.required && $0.mode == .unavailable }) {
            throw ProbeError(
                .unavailable, "\(lacking.key) cannot be had on this kernel: \(lacking.reason)",
                hint: lacking.hint.isEmpty ? "mountscope probe shows what can" : lacking.hint)
        }
        // The sequence last: what is held against it may count a section more than it by then, never one less.
        for supplier in suppliers.reversed() { try supplier.begin(prices) }
        withoutActors = .none(refusal)
        actors = tables.flatMap { ActorReader($0, attachment, names) }
    }

    /// - Returns: nil and the reason where there are none.
    private static func actorTables(
        _ options: ActorOptions, _ isOn: Bool, _ kernel: KernelMap, _ types: KernelTypes
    ) -> (ActorTables?, String) {
        guard isOn else {
            let reason =
                options.isOn == nil ? "it costs more on this kernel than on those since 6.2" : "nobody asked for it"
            return (nil, "\(reason): --who on turns it on")
        }
        do {
            let tables = try ActorTables(
                options, userRegisters: kernel.userRegisters, mountLock: kernel.mountLock.address ?? 0,
                cgroups: CgroupHierarchy(types: types))
            return (tables, "this kernel lets no program count by actor")
        } catch let error as BPFObject.Refusal {
            return (nil, "the kernel refused its tables: \(error.reason)")
        } catch {
            return (nil, "\(error)")
        }
    }

    /// Detaches everything. The session gives no more snapshots.
    public func close() {
        attachment.close()
        actorTables?.close()
    }

    /// Cumulative since the probes were attached. Attaches and detaches nothing.
    public func snapshot() throws -> Snapshot {
        online = OnlineCPUs.levels(possible: possibleCPUs)
        try attachment.refresh(ReadingMoment(online: online))
        return Snapshot(
            monotonic: Clocks.monotonic(), realtime: Clocks.realtime(), possibleCPUs: possibleCPUs,
            readings: attachment.readings(without: budget.withdrawn), records: try records())
    }

    /// The rows by actor, and the mount namespaces.
    private func records() throws -> RecordSnapshot {
        var records = try actors?.snapshot() ?? withoutActors
        guard let inventory else { return records }
        records.namespaces = actors?.numbered(inventory.rows) ?? inventory.rows
        records.unavailable[.namespaces] = nil
        return records
    }

    /// Lets CPUs that have come online be sampled, looks at the mount namespaces once a minute, and takes probes off that have cost too much.
    public func act(on latest: Snapshot) throws {
        inventory?.look(latest.monotonic)
        attachment.follow(online)
        actors?.harvest()
        let cpus = online.count { $0 != 0 }
        try attachment.withdraw(budget.audit(attachment.programs, at: latest.monotonic, cpus: cpus))
    }
}
