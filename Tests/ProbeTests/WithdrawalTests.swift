import CProbe
import Contention
import Glibc
import ProbeImage
import Testing

@testable import Probe

/// What the contention tracepoints need, tried once.
private enum ContentionTracepoints {
    /// Why tracepoints cannot be had; nil where they can.
    static let refusal: String? = {
        guard geteuid() == 0 else { return "needs root" }
        do {
            let object = try loaded()
            try object.attachTracepoint("contention_begins", to: "contention_begin")
            object.close()
            return nil
        } catch {
            return "\(error)"
        }
    }()

    static func loaded() throws -> BPFObject {
        let object = try BPFObject(.tracepoints, name: "mountscope_wait")
        _ = object.setConstants(ms_contention_config())
        try object.load()
        return object
    }
}

/// With the contention tracepoints, which a kernel without kprobes has too.
@Suite(
    "Taking programs off", .serialized,
    .enabled(if: ContentionTracepoints.refusal == nil, "the kernel takes no tracepoint"))
struct WithdrawalTests {
    @Test("a program comes off any number of times, and off nothing where it is not attached")
    func manyTimes() throws {
        let object = try ContentionTracepoints.loaded()
        for _ in 0..<80 {
            try object.attachTracepoint("contention_begins", to: "contention_begin")
            #expect(object.detached("contention_begins") == 1)
            #expect(object.detached("contention_begins") == 0)
        }
        #expect(object.detached("contention_ends") == 0 && object.detached("no_such_program") == 0)
        object.close()
        #expect(object.detached("contention_begins") == 0)
    }

    @Test("series whose programs were taken off are unavailable for that reason, and the others go on")
    func withdrawn() throws {
        let types = try KernelTypes(functions: SupplierCatalogue.tracedFunctions)
        let symbols = try KernelSymbols.load(SupplierCatalogue.wantedSymbols)
        let kernel = KernelMap(
            symbols: symbols, types: types, memory: try KernelMemory(), sitesRefusal: .missing(reason: "not asked for"),
            table: noSymbolTable)
        let facilities = Facilities(symbols: symbols, types: types, withheld: [.kprobes, .tracing])
        let cpus = try PossibleCPUs.count()
        let suppliers = SupplierCatalogue.suppliers(
            kernel, facilities, ProbeOptions(), possibleCPUs: cpus, sequence: { 0 })
        let attachment = try ProbeAttachment(suppliers, ProbeOptions(), possibleCPUs: cpus)
        defer { attachment.close() }
        for supplier in suppliers { try supplier.begin(.assumed) }
        let attached = attachment.programs.filter { !$0.isTimer }
        #expect(Set(attached.map(\.name)) == Set(TracepointPlan.programs))

        var budget = BudgetController(prices: .assumed, budget: .standard)
        let second: UInt64 = 1_000_000_000
        func audit(_ hits: UInt64, at moment: UInt64) -> [String] {
            budget.audit(
                attached.map { AttachedProgram(name: $0.name, kind: $0.kind, hits: hits, group: $0.group) }, at: moment,
                cpus: 1)
        }
        for step: UInt64 in 0..<3 { #expect(audit(step * 100_000_000, at: (step + 1) * second) == []) }
        let dear = audit(300_000_000, at: 4 * second)
        #expect(Set(dear) == Set(TracepointPlan.programs))
        try attachment.withdraw(dear)
        try attachment.refresh(ReadingMoment(online: Array(repeating: 1, count: cpus)))
        let readings = attachment.readings(without: budget.withdrawn)
        let gone = try #require(readings.first { $0.key == SeriesKey(.lockWait, site: Metric.either) })
        #expect(gone.mode == .unavailable && gone.lost == nil)
        guard case .unavailable(let reason) = gone.value else {
            Issue.record("\(gone.value)")
            return
        }
        #expect(reason.hasPrefix("taken off after "))
        let sections = try #require(readings.first { $0.key == SeriesKey(.writeSections) })
        #expect(sections.value == .total(SequenceCounter(first: 0, at: 0).total))
    }
}
