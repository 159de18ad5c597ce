import CProbe
import Contention
import Testing

@testable import Probe

@Suite("Waits by contention tracepoints") struct TracepointTests {
    typealias Kernel = HandMadeKernel

    private static let everything = Facilities(kprobePMU: 8, kprobeRefusal: nil, tracingRefusal: nil)
    private static let either = SeriesKey(.lockWait, site: Metric.either)

    /// One that has the tracepoints, and says where system calls keep their registers.
    private func kernel() -> Kernel {
        var kernel = Kernel()
        kernel.function(TracepointPlan.tracepoint, at: 0xffff_ffff_8150_0000) { $0.pad(16) }
        kernel.memory.registers = 16216
        return kernel
    }

    private func plan(
        _ kernel: Kernel, _ facilities: Facilities = everything, choice: AttachChoice = .auto,
        exact: Set<SeriesKey> = []
    ) -> TracepointPlan {
        TracepointPlan(kernel.map(), facilities, choice: choice) { key in
            exact.contains(key) ? Offer(mode: .exact, programs: [], reason: "") : nil
        }
    }

    @Test("where nothing better is had, every wait is estimated, and says what is missed")
    func all() throws {
        let plan = plan(kernel())
        #expect(plan.keys == Set(TracepointPlan.candidates))
        for key in TracepointPlan.candidates {
            let source = try #require(plan.offer(key))
            #expect(source.mode == .estimated && !source.note.isEmpty && source.programs == TracepointPlan.programs)
        }
        #expect(plan.configuration.spinlock == Kernel.mountLock + 4)
        #expect(plan.configuration.semaphore == Kernel.namespaceSem)
        #expect(plan.rows(TracepointPlan.candidates).map(\.key) == TracepointPlan.candidates)
    }

    @Test("a metric that is had exactly is left alone, also where one of its series is not")
    func exact() {
        let write = SeriesKey(.lockWait, site: "write")
        let pages = SeriesKey(.readWait, site: "mountinfo")
        let plan = plan(kernel(), exact: [write, pages])
        #expect(!plan.keys.contains(Self.either) && !plan.keys.contains(pages))
        #expect(!plan.keys.contains(SeriesKey(.readWait, site: "statmount")))
        #expect(plan.keys.contains(SeriesKey(.writeWait, site: "mount")))
        #expect(plan.offer(pages) == nil)
    }

    @Test("waits for mount_lock are either told apart or not")
    func eitherOr() {
        func lockWaits(_ facilities: Facilities) -> [AttachRow] {
            SupplierList(
                foreseen: SupplierCatalogue.suppliers(
                    kernel().map(), facilities, ProbeOptions(), possibleCPUs: 2, sequence: { nil })
            ).rows.filter { $0.key.metric == .lockWait }
        }
        #expect(lockWaits(Self.everything).map(\.key.site) == [Metric.either])
        #expect(lockWaits(Self.everything).map(\.mode) == [.estimated])
        var refused = Self.everything
        refused.tracepointRefusal = .missing(reason: "not to be used")
        #expect(lockWaits(refused).map(\.key.site) == ["write", "exclusive"])
        #expect(lockWaits(refused).allSatisfy { $0.mode == .unavailable })
    }

    @Test("a kernel before 5.19, a choice of other probes and --without keep them away")
    func absent() {
        #expect(plan(Kernel()).keys.isEmpty, "no tracepoint")
        #expect(plan(kernel(), choice: .cold).keys.isEmpty && plan(kernel(), choice: .sample).keys.isEmpty)
        var withheld = Self.everything
        withheld.tracepointRefusal = .missing(reason: "not to be used")
        #expect(plan(kernel(), withheld).keys.isEmpty)
    }

    @Test("without the registers of system calls only waits for mount_lock are known")
    func withoutRegisters() {
        let kernel = kernel()
        kernel.memory.registers = nil
        #expect(plan(kernel).keys == [Self.either])
    }

    @Test("histograms come in the same order in C as in Swift, one for each series")
    func histograms() {
        let keys = SeriesKey.all.compactMap(TracepointPlan.histogram)
        #expect(keys.sorted() == Array(0..<Int(MS_CONTENDED_HISTOGRAMS.rawValue)))
        #expect(TracepointPlan.histogram(SeriesKey(.readWait, site: "other")) == Int(MS_CONTENDED_READ_OTHER.rawValue))
        let mount = TracepointPlan.histogram(SeriesKey(.writeWait, site: "mount"))
        #expect(mount == Int(MS_CONTENDED_WRITE.rawValue))
        #expect(TracepointPlan.histogram(SeriesKey(.lockWait, site: "write")) == nil)
    }

    @Test("the compiled programs have the structs that Swift asks for")
    func object() throws {
        let object = try BPFObject(.tracepoints, name: "mountscope_wait")
        #expect(object.setConstants(ms_contention_config()))
        #expect(object.map("contention_counts", holds: ms_contention_counts.self))
        #expect(object.map("contention_histograms", holds: ms_histogram.self))
    }
}
