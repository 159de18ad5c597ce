import CProbe
import Contention
import KernelFixtures
import Testing

@testable import Probe

@Suite("Calls whose bodies refuse probes, on recorded kernels") struct RefusedCallTests {
    /// What takes namespace_sem on each of them in a function that the function tracer does not reach.
    private static let expected: [String: [RefusedCall]] = [
        "5.10": [],
        "6.12": [
            RefusedCall(body: "__do_sys_listmount", isWriter: false, site: "listmount"),
            RefusedCall(body: "__do_sys_move_mount", isWriter: true, site: "move_mount"),
            RefusedCall(body: "__do_sys_statmount", isWriter: false, site: "statmount"),
        ],
        "7.3": [
            RefusedCall(body: "__do_sys_listmount", isWriter: false, site: "listmount"),
            RefusedCall(body: "__do_sys_statmount", isWriter: false, site: "statmount"),
        ],
    ]

    private static func expected(_ name: String) -> [RefusedCall] {
        expected[name.replacing("-rt", with: "")] ?? []
    }

    /// The kernel with the functions that are traced around calls; recordings have no text of those.
    private func kernel(_ name: String, without missing: Set<String> = []) throws -> KernelMap {
        try FixtureKernel(name).withFunctions(RefusedCall.tracedFunctions.subtracting(missing)).map()
    }

    private func series(_ kernel: KernelMap, _ facilities: Facilities = AttachPlanTests.everything) -> LockSiteSeries {
        LockSiteSeries(kernel, facilities, choice: .auto).expected(kernel, facilities)
    }

    /// Series of namespace_sem that are not exact.
    private func modes(_ series: LockSiteSeries) -> [SeriesKey: Mode] {
        let keys = SeriesKey.all.filter {
            $0.metric.subject == .namespaceSem && LockSiteSeries.gives($0) && $0.site != "notify"
        }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, series.offer($0).mode) }).filter { $1 != .exact }
    }

    @Test("the calls are found by what their functions begin with", arguments: KernelFixture.names)
    func calls(name: String) throws {
        #expect(series(try kernel(name)).plan.refusedCalls == Self.expected(name))
    }

    @Test(
        "a kernel that refuses their instructions is not asked: it writes a line into its log for each",
        arguments: KernelFixture.names)
    func spared(name: String) throws {
        let kernel = try kernel(name)
        let all = LockSiteSeries(kernel, AttachPlanTests.everything, choice: .auto)
        let wanted = Set(all.sparing(kernel).wanted.map(\.function))
        let spared = Set(all.wanted.map(\.function)).subtracting(wanted)
        let untraceable = try kernel.sites.get().untraceable
        #expect(spared == untraceable.intersection(all.wanted.map(\.function)))
        #expect(spared.isSuperset(of: Self.expected(name).map(\.body)))
        #expect(all.sparing(kernel).wanted.count == all.wanted.count { !spared.contains($0.function) })
    }

    @Test("a kernel that takes kprobes everywhere is asked for each of them", arguments: KernelFixture.names)
    func takingAll(name: String) throws {
        let kernel = try FixtureKernel(name).takingAllProbes.map()
        let all = LockSiteSeries(kernel, AttachPlanTests.everything, choice: .auto)
        #expect(!kernel.sparesUntraced && !all.wanted.isEmpty)
        #expect(all.sparing(kernel).wanted == all.wanted)
    }

    @Test("their waits and holds are estimated, and all others exact", arguments: KernelFixture.names)
    func estimated(name: String) throws {
        let series = series(try kernel(name))
        let keys = Self.expected(name).flatMap { [$0.wait, $0.hold] }
        #expect(modes(series) == Dictionary(uniqueKeysWithValues: keys.map { ($0, Mode.estimated) }))
        for key in keys {
            let source = series.offer(key)
            #expect(source.note.contains("refuses probes") && source.reason.isEmpty, "\(key)")
            #expect(Set(source.programs).isSuperset(of: CallProgram.names), "\(key)")
        }
    }

    @Test("the attach table has the functions that are traced, with their addresses")
    func rows() throws {
        let kernel = try kernel("6.12")
        let rows = series(kernel).rows([SeriesKey(.semaphoreWriteHold, site: "move_mount")])
        #expect(rows.map(\.program) == ["kprobe", "fentry", "fexit", "fentry", "fexit"])
        let functions = ["__x64_sys_move_mount", "rwsem_down_write_slowpath"]
        #expect(rows.dropFirst().map(\.function) == functions.flatMap { [$0, $0] })
        for row in rows.dropFirst() {
            #expect(row.address == kernel.symbols.only(named: row.function)?.address && row.address != nil)
        }
    }

    @Test("a call without an entry that can be traced stays unavailable, and says why")
    func withoutEntry() throws {
        let series = series(try kernel("7.3", without: ["__x64_sys_statmount"]))
        for metric in [Metric.readWait, .readHold] {
            let source = series.offer(SeriesKey(metric, site: "statmount"))
            #expect(source.mode == .unavailable)
            #expect(
                source.reason
                    == "the kernel refuses probes in __do_sys_statmount; this kernel has no function __x64_sys_statmount"
            )
            #expect(series.offer(SeriesKey(metric, site: "listmount")).mode == .estimated)
        }
    }

    @Test("without a function that only waits call (PREEMPT_RT) waits are not known, and holds contain them")
    func withoutSlowPath() throws {
        let series = series(try kernel("6.12-rt", without: ["rwsem_down_read_slowpath"]))
        let wait = series.offer(SeriesKey(.readWait, site: "statmount"))
        #expect(wait.mode == .unavailable && wait.reason.contains("no function rwsem_down_read_slowpath"))
        let hold = series.offer(SeriesKey(.readHold, site: "statmount"))
        #expect(hold.mode == .estimated && hold.note.contains("its wait included"))
        #expect(!hold.programs.contains("call_wait_begins"))
        #expect(series.offer(SeriesKey(.writeWait, site: "move_mount")).mode == .estimated)
    }

    @Test("a kernel that refuses tracing programs has none of it", arguments: KernelFixture.names)
    func withoutTracing(name: String) throws {
        let series = series(try kernel(name), AttachPlanTests.noTracing)
        let keys = Self.expected(name).flatMap { [$0.wait, $0.hold] }
        #expect(modes(series) == Dictionary(uniqueKeysWithValues: keys.map { ($0, Mode.unavailable) }))
        for key in keys { #expect(series.rows([key]).count == 1) }
    }

    @Test("the programs are told the class by its number in C")
    func codes() {
        let writer = RefusedCall(body: "__do_sys_pivot_root", isWriter: true, site: "pivot_root")
        #expect(writer.code == MS_OPERATION_PIVOT_ROOT.rawValue && writer.entry == "__x64_sys_pivot_root")
        let reader = RefusedCall(body: "__do_sys_listmount", isWriter: false, site: "listmount")
        #expect(reader.code == MS_READER_LISTMOUNT.rawValue && reader.kind == MS_SITE_DOWN_READ)
        #expect(RefusedCall(body: "__do_sys_setns", isWriter: true, site: "setns").code == nil)
    }

    @Test("programs come in the same order in C as in Swift, and are in the object")
    func programs() throws {
        let programs: [(CallProgram, ms_call_program)] = [
            (.entered, MS_PROGRAM_CALL_ENTERED), (.returned, MS_PROGRAM_CALL_RETURNED),
            (.waitBegins, MS_PROGRAM_CALL_WAIT_BEGINS), (.waitEnds, MS_PROGRAM_CALL_WAIT_ENDS),
        ]
        #expect(programs.map(\.0) == CallProgram.allCases && programs.count == Int(MS_CALL_PROGRAMS.rawValue))
        #expect(programs.map { Int($0.1.rawValue) } == Array(programs.indices))
        let object = try BPFObject(.calls, name: "mountscope_call")
        #expect(object.setConstants(ms_call_config()))
        for map in ["site_counts", "site_histograms", "turns"] { #expect(object.map(map, holds: UInt8.self) == false) }
        #expect(object.map("site_counts", holds: ms_site_counts.self))
    }
}

@Suite("Which calls can be told of from around them") struct RefusedCallRuleTests {
    /// The sites of a function that takes namespace_sem and gives it back, all of them refused.
    private func plan(_ function: String, _ kinds: [LockSite.Kind]) -> LockSitePlan {
        let sites = kinds.enumerated().map { index, kind in
            let takes = kind == .downWrite || kind == .downRead
            var site = LockSite(
                program: takes ? .semaphoreRequested : .semaphoreReleased, address: 0x100 + UInt64(index),
                function: function, offset: UInt64(index))
            site.kind = kind
            return site
        }
        return LockSitePlan(sites, refused: Dictionary(uniqueKeysWithValues: sites.map { ($0.address, "no") }))
    }

    @Test("a writer whose release is seen elsewhere, and a reader whose is not")
    func kinds() {
        #expect(plan("__do_sys_move_mount", [.downWrite]).refusedCalls.map(\.isWriter) == [true])
        #expect(plan("__do_sys_move_mount", [.downWrite, .upWrite]).refusedCalls.isEmpty)
        #expect(plan("__do_sys_move_mount", [.downWrite, .downgrade]).refusedCalls.isEmpty)
        #expect(plan("__do_sys_statmount", [.downRead, .upRead]).refusedCalls.map(\.isWriter) == [false])
        #expect(plan("__do_sys_statmount", [.downRead]).refusedCalls.isEmpty)
        #expect(plan("__do_sys_open_tree", [.downWrite, .downRead, .upRead]).refusedCalls.map(\.isWriter) == [true])
    }

    @Test("only bodies of system calls that have a series, and only refused ones")
    func functions() {
        #expect(plan("do_lock_mount", [.downWrite]).refusedCalls.isEmpty)
        #expect(plan("__do_sys_setns", [.downWrite]).refusedCalls.isEmpty)
        #expect(plan("__do_sys_fsmount", [.downWrite]).refusedCalls.map(\.site) == ["mount"])
        #expect(LockSitePlan(plan("__do_sys_fsmount", [.downWrite]).sites).refusedCalls.isEmpty)
    }
}
