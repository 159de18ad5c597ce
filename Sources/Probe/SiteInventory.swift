import CProbe
import Contention
import SiteMap
import SystemCalls

/// The site map of the running kernel as a table; attaches nothing.
public enum SiteInventory {
    /// - Throws: `ProbeError` where the kernel's text cannot be read.
    public static func describe(options: ProbeOptions) throws(ProbeError) -> SiteTable {
        let began = Clocks.monotonic()
        let kernel = try load().kernel
        let map = try kernel.sites.get()
        let elapsed = Clocks.monotonic() - began
        let facilities = Facilities(symbols: kernel.symbols, types: kernel.types, withheld: options.withholding)
        let series = LockSiteSeries(kernel, facilities, choice: options.attach).expected(kernel, facilities)
        let plan = AttachPlan(kernel, facilities, choice: options.attach)
        return SiteTable(
            rows: map.sites.map { row($0, kernel, series, plan) }, references: map.references,
            classified: map.classified, elapsed: elapsed)
    }

    /// What is known of this kernel's locks, for fixtures: a line each for the locks, the symbols that rules ask for, the
    /// functions' text in hexadecimal, and the places that refer to a lock.
    /// - Throws: `ProbeError` where the kernel's text cannot be read.
    public static func excerpt() throws(ProbeError) -> [String] {
        let (kernel, functions) = try load()
        guard let sequence = kernel.mountLock.address else { throw ProbeError(.unavailable, kernel.mountLock.reason) }
        let memory = try KernelMemory()
        let loader = SiteLoader(
            symbols: kernel.symbols, memory: memory, mountLock: sequence,
            spinlockOffset: kernel.spinlockOffset, namespaceSem: kernel.namespaceSem.address)
        let text = try loader.excerpt(table: { functions })
        let locks = "\(hex(sequence)) \(kernel.spinlockOffset) \(kernel.namespaceSem.address.map(hex) ?? "-")"
        let symbols = SupplierCatalogue.wantedSymbols.flatMap(kernel.symbols.parts).sorted {
            ($0.address, $0.name) < ($1.address, $1.name)
        }
        // Its slow path tells of waits.
        let spinlock = kernel.symbols.only(named: "_raw_spin_lock").flatMap(loader.read)
        return ["locks \(locks)"] + symbols.map { "symbol \(hex($0.address)) \(hex($0.end)) \($0.name)" }
            + (text.functions + [spinlock].compactMap { $0 }).map { function in
                "function \(hex(function.start)) \(function.name) \(digits(function.bytes))"
            }
            + text.references.map { "reference \(hex($0))" }
    }

    private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }

    private static func digits(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func load() throws(ProbeError) -> (kernel: KernelMap, functions: SymbolTable) {
        let conditions = StartConditions.current
        if let obstacle = conditions.obstacle { throw obstacle }
        let memory = try KernelMemory()
        let (symbols, functions) = try KernelSymbols.loadAll(SupplierCatalogue.wantedSymbols)
        if symbols.addressesHidden { throw conditions.hiddenAddresses }
        let kernel = KernelMap(
            symbols: symbols, types: try KernelTypes(functions: SupplierCatalogue.tracedFunctions), memory: memory,
            table: { functions })
        return (kernel, functions)
    }

    private static func row(_ site: Site, _ kernel: KernelMap, _ series: LockSiteSeries, _ plan: AttachPlan) -> SiteRow
    {
        let places = [site.address, site.returnAddress, site.failure].compactMap { $0 }
        let ofSeries = series.plan.attached.filter { places.contains($0.address) }.map(\.program.rawValue)
        let refused = places.compactMap { series.plan.refused[$0] }.first ?? ""
        let ofPlan = plan.attachments.filter { !Set($0.kprobeAddresses).isDisjoint(with: places) }.map(\.program)
        let refusal = series.refusal?.reason ?? ""
        var reason = ofPlan.isEmpty ? (ofSeries.isEmpty ? site.obstacle : refusal) : ""
        if ofPlan.isEmpty, ofSeries.isEmpty, reason.isEmpty { reason = refused }
        if ofPlan.isEmpty, ofSeries.isEmpty, reason.isEmpty { reason = site.kind.reasonToLeave }
        return SiteRow(
            place: "\(site.function)+0x\(String(site.offset, radix: 16))", address: site.address,
            kind: site.kind == .semaphore || site.kind == .redoneWalk ? site.callee : site.kind.rawValue,
            program: (ofPlan + ofSeries).joined(separator: " "), reason: reason)
    }
}

extension Site.Kind {
    /// Why nothing is attached to such an instruction.
    fileprivate var reasonToLeave: String {
        switch self {
        case .begin: "runs in every walk"
        case .writeRequest: "the acquire behind it is enough"
        case .writeUnlock: "the leave before it is enough"
        case .validate: "what it leads to is seen elsewhere"
        default: ""
        }
    }
}
