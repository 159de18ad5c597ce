import CProbe
import Contention
import Testing

@testable import Probe

@Suite("The plan of instructions") struct LockSitePlanTests {
    private static func site(_ program: LockSite.Program, _ address: UInt64, in function: String) -> LockSite {
        LockSite(program: program, address: address, function: function, offset: 8)
    }

    /// Two writers, one exclusive reader, two readers that spin.
    private let plan = LockSitePlan([
        site(.writeAcquired, 0x100, in: "umount_tree"), site(.writeAcquired, 0x200, in: "attach_mnt"),
        site(.writeAcquired, 0x300, in: "umount_tree"), site(.writeLeft, 0x180, in: "attach_mnt"),
        site(.exclusiveAcquired, 0x400, in: "prepend_path"), site(.readerPaused, 0x500, in: "path_init"),
        site(.readerPaused, 0x600, in: "prepend_path"), site(.semaphoreRequested, 0x700, in: "do_mount"),
    ])

    @Test("functions are named once, in order")
    func functions() {
        #expect(plan.functions(of: .writeAcquires) == ["attach_mnt", "umount_tree"])
        #expect(plan.functions(of: .exclusiveAcquires) == ["prepend_path"])
        for metric in [Metric.readerSpins, .spinIterations, .spinTime] {
            #expect(plan.functions(of: metric) == ["path_init", "prepend_path"])
        }
        #expect(plan.functions(of: .writeHold) == [], "is not split by functions")
    }

    @Test("no two series share a slot, and all slots are in use")
    func slots() throws {
        let split = Metric.allCases.filter { $0.siteKind == .functions && !plan.functions(of: $0).isEmpty }
        let keys = split.flatMap { metric in plan.functions(of: metric).map { SeriesKey(metric, site: $0) } }
        let slots = try keys.map { try #require(plan.slot($0)) }
        #expect(slots.sorted() == Array(0..<plan.slotCount))
        #expect(plan.slotCount == 2 + 1 + 3 * 2)
        #expect(plan.slot(SeriesKey(.writeAcquires, site: "elsewhere")) == nil)
        #expect(plan.slot(SeriesKey(.writeHold)) == nil)
    }

    @Test("the slots of a spin follow one another as in C")
    func spins() throws {
        let first = try #require(plan.slot(.readerPaused, "prepend_path"))
        #expect(plan.slot(SeriesKey(.readerSpins, site: "prepend_path")) == first + Int(MS_SPIN_EPISODES.rawValue))
        #expect(plan.slot(SeriesKey(.spinIterations, site: "prepend_path")) == first + Int(MS_SPIN_ITERATIONS.rawValue))
        #expect(plan.slot(SeriesKey(.spinTime, site: "prepend_path")) == first + Int(MS_SPIN_TIME.rawValue))
    }

    @Test("what the programs are told of an instruction is its slot, or one that none has")
    func values() throws {
        for site in plan.sites {
            let value = plan.value(site)
            let isCounted = !site.program.countedByFunction.isEmpty
            #expect(Int(value.slot) == (isCounted ? plan.slot(site.program, site.function) : Int(MS_SITE_SLOTS)))
        }
        var down = Self.site(.semaphoreRequested, 0x800, in: "mark_mounts_for_expiry")
        down.kind = .downWrite
        down.argument = 1
        #expect(
            plan.value(down).kind == UInt16(LockSite.Kind.downWrite.code.rawValue) && plan.value(down).argument == 1)
    }

    @Test("what the kernel refused is left out, and keeps its slot and its reason")
    func refusals() {
        let some = plan.without([0x200: "Invalid argument"]).without([0x200: "later", 0x700: "No such file"])
        #expect(some.refused == [0x200: "Invalid argument", 0x700: "No such file"])
        #expect(some.attached.map(\.address) == [0x100, 0x300, 0x180, 0x400, 0x500, 0x600])
        #expect(some.functions(of: .writeAcquires) == ["attach_mnt", "umount_tree"])
        #expect(some.slotCount == plan.slotCount)
    }
}

@Suite("The series of instructions") struct LockSiteSeriesTests {
    private static func site(_ program: LockSite.Program, _ address: UInt64, in function: String) -> LockSite {
        LockSite(program: program, address: address, function: function, offset: 8)
    }

    private static let writers = [
        site(.writeAcquired, 0x100, in: "umount_tree"), site(.writeLeft, 0x180, in: "umount_tree"),
        site(.writeAcquired, 0x200, in: "attach_mnt"), site(.writeLeft, 0x280, in: "attach_mnt"),
    ]

    private func series(
        _ sites: [LockSite], refused: [UInt64: String] = [:], refusal: Probe.Finding? = nil, operations: String? = nil
    ) -> LockSiteSeries {
        LockSiteSeries(
            plan: LockSitePlan(sites, refused: refused), refusal: refusal, operationRefusal: operations)
    }

    @Test("what is attached whole is exact")
    func exact() {
        let series = series(Self.writers)
        for key in [SeriesKey(.writeAcquires, site: "attach_mnt"), SeriesKey(.writeHold)] {
            #expect(series.offer(key).mode == .exact && series.offer(key).note.isEmpty, "\(key)")
        }
        #expect(series.offer(SeriesKey(.writeHold)).programs == ["write_acquired", "write_left"])
        #expect(series.functions(of: .writeAcquires) == ["attach_mnt", "umount_tree"])
        #expect(series.functions(of: .readerSpins) == [""], "a metric without a function keeps a row")
    }

    @Test("an instruction that is refused costs its function's count, and makes what all functions share a lower bound")
    func refusedOne() {
        let series = series(Self.writers, refused: [0x200: "Invalid argument"])
        let lost = series.offer(SeriesKey(.writeAcquires, site: "attach_mnt"))
        #expect(lost.mode == .unavailable && lost.reason == "the kernel refuses its probe")
        #expect(series.offer(SeriesKey(.writeAcquires, site: "umount_tree")).mode == .exact)
        let hold = series.offer(SeriesKey(.writeHold))
        #expect(hold.mode == .estimated && hold.note == "a lower bound: the kernel refuses probes in attach_mnt")
    }

    /// A semaphore's call site and what follows it.
    private static func holds(_ function: String, _ kind: LockSite.Kind, _ end: LockSite.Kind, at address: UInt64)
        -> [LockSite]
    {
        var request = site(.semaphoreRequested, address, in: function)
        request.kind = kind
        var release = site(.semaphoreReleased, address + 9, in: function)
        release.kind = end
        return [request, site(.semaphoreAcquired, address + 5, in: function), release]
    }

    @Test("a system call's body that refuses probes costs the series of that call, and no other")
    func refusedCall() {
        let sites =
            Self.holds("__do_sys_statmount", .downRead, .upRead, at: 0x100)
            + Self.holds("path_mount", .downWrite, .upWrite, at: 0x200)
            + Self.holds("may_umount", .downRead, .upRead, at: 0x300)
        let series = series(sites, refused: [0x100: "Invalid argument", 0x105: "Invalid argument"])
        let lost = series.offer(SeriesKey(.readWait, site: "statmount"))
        #expect(lost.mode == .unavailable && lost.reason == "the kernel refuses probes in __do_sys_statmount")
        for key in [
            SeriesKey(.readWait, site: "listmount"), SeriesKey(.readHold, site: "other"),
            SeriesKey(.writeWait, site: "mount"), SeriesKey(.semaphoreWriteHold, site: "other"),
        ] {
            #expect(series.offer(key).mode == .exact, "\(key)")
        }
    }

    @Test("a writer's function that refuses probes makes every operation a lower bound, and no reader")
    func refusedWriter() {
        let sites =
            Self.holds("do_lock_mount", .downWrite, .upWrite, at: 0x100)
            + Self.holds("__do_sys_fsmount", .downWrite, .upWrite, at: 0x200)
            + Self.holds("may_umount", .downRead, .upRead, at: 0x300)
        let series = series(sites, refused: [0x100: "Invalid argument"])
        let hold = series.offer(SeriesKey(.semaphoreWriteHold, site: "umount"))
        #expect(hold.mode == .estimated && hold.note == "a lower bound: the kernel refuses probes in do_lock_mount")
        #expect(series.offer(SeriesKey(.readHold, site: "other")).mode == .exact)
    }

    @Test("when all instructions of a program are refused its series are gone, with the kernel's reason")
    func refusedAll() {
        let series = series(Self.writers, refused: [0x180: "Invalid argument", 0x280: "Invalid argument"])
        let hold = series.offer(SeriesKey(.writeHold))
        #expect(hold.mode == .unavailable)
        #expect(hold.reason == "the kernel refused its instructions: Invalid argument")
        #expect(series.offer(SeriesKey(.writeAcquires, site: "attach_mnt")).mode == .exact)
    }

    @Test("a kernel that takes no kprobe gives none of them, and says why at each")
    func refusedAsAWhole() {
        let series = series(
            Self.writers, refusal: .missing(reason: "this kernel has no kprobes", hint: "take another"))
        #expect(series.wanted.isEmpty)
        for row in series.rows(SeriesKey.all { series.functions(of: $0) }) {
            #expect(row.mode == .unavailable && row.reason == "this kernel has no kprobes", "\(row.key)")
            #expect(row.hint == "take another", "\(row.key)")
        }
    }

    @Test("readers spin, or they block: the other is unavailable and names the one that is there")
    func spinOrBlock() {
        let spinning = series([Self.site(.readerPaused, 0x500, in: "path_init")])
        #expect(
            spinning.offer(SeriesKey(.readerWait)).reason == "readers of this kernel spin: see reader_spins")
        #expect(spinning.offer(SeriesKey(.readerSpins, site: "path_init")).mode == .exact)
        #expect(spinning.offer(SeriesKey(.spinTime, site: "path_init")).mode == .estimated)
        let blocking = series([
            Self.site(.readerBlocked, 0x500, in: "path_init"), Self.site(.readerResumed, 0x540, in: "path_init"),
            Self.site(.writeAcquired, 0x600, in: "attach_mnt"),
        ])
        #expect(blocking.offer(SeriesKey(.readerWait)).mode == .exact)
        #expect(blocking.offer(SeriesKey(.readerSpins)).reason.contains("PREEMPT_RT"))
        #expect(blocking.offer(SeriesKey(.lockWait, site: "write")).reason.contains("PREEMPT_RT"))
    }

    @Test("where a task's operation cannot be told, only what is known without it stays")
    func operations() {
        let semaphore = [LockSite.Program.semaphoreRequested, .semaphoreAcquired, .semaphoreReleased].enumerated().map {
            Self.site($1, 0x700 + UInt64($0), in: "do_mount")
        }
        let series = series(semaphore, operations: "no registers")
        #expect(series.offer(SeriesKey(.writeWait, site: "mount")).reason == "no registers")
        #expect(series.offer(SeriesKey(.readWait, site: "statmount")).reason == "no registers")
        for site in ["exit", "expiry"] { #expect(series.offer(SeriesKey(.writeWait, site: site)).mode == .exact) }
        #expect(
            series.offer(SeriesKey(.readHold, site: "notify")).reason == "this kernel never downgrades namespace_sem")
    }

    @Test("the attach table names the place, or how many there are")
    func rows() throws {
        let series = series(Self.writers)
        let keys = [SeriesKey(.writeAcquires, site: "attach_mnt"), SeriesKey(.writeHold), SeriesKey(.writeSections)]
        let rows = series.rows(keys)
        #expect(rows.map(\.key) == Array(keys.prefix(2)), "others are no series of instructions")
        #expect(rows[0].function == "attach_mnt+0x8" && rows[0].address == 0x200)
        #expect(rows[1].function == "4 places in 2 functions" && rows[1].address == nil)
    }
}

@Suite("All symbols") struct SymbolTableTests {
    private static let text = """
        0000000000000000 A fixed_percpu_data
        ffffffff81000000 T _stext
        ffffffff81000000 T _text
        ffffffff81000000 T startup
        ffffffff81000100 t __pfx_m_start
        ffffffff81000110 t m_start
        ffffffff81000200 W lookup_mnt
        ffffffff81000300 t lookup_mnt.cold
        ffffffff81000340 T last
        ffffffff81000380 d lookup_mnt.data
        ffffffffc0000000 t lookup_mnt.cold\t[module]

        """
    private let table = parseFunctions(Self.text)

    @Test("an address lies in the function before it, and sections are no functions")
    func holding() throws {
        #expect(table.function(holding: 0xffff_ffff_8100_0004)?.name == "startup")
        let start = try #require(table.function(holding: 0xffff_ffff_8100_01ff))
        #expect(start.name == "m_start" && start.address == 0xffff_ffff_8100_0110 && start.end == 0xffff_ffff_8100_0200)
        #expect(table.function(holding: 0xffff_ffff_8100_0300)?.name == "lookup_mnt.cold")
    }

    @Test("clones are found by their function's name; modules and what is no function are left out")
    func clones() {
        let clones = table.clones(of: ["lookup_mnt"])
        #expect(clones.map(\.name) == ["lookup_mnt.cold"])
        #expect(clones.map(\.end) == [0xffff_ffff_8100_0340])
        #expect(table.clones(of: ["lookup"]).isEmpty, "a beginning is no name")
    }

    @Test("a file that comes in pieces is the same", arguments: [1, 17, 40, 41, 120])
    func pieces(cut: Int) {
        let pieces = parseFunctions(Self.text, cutAt: [cut, cut + 1])
        for address in [0xffff_ffff_8100_0004, 0xffff_ffff_8100_01ff, 0xffff_ffff_8100_0300] as [UInt64] {
            #expect(pieces.function(holding: address) == table.function(holding: address))
        }
    }

    @Test("lines out of order make no difference")
    func unsorted() {
        let shuffled = parseFunctions(
            "ffffffff81000200 t b\nffffffff81000100 t a\nffffffff81000300 t c\n")
        #expect(shuffled.function(holding: 0xffff_ffff_8100_0180)?.name == "a")
        #expect(shuffled.function(holding: 0xffff_ffff_8100_0180)?.end == 0xffff_ffff_8100_0200)
        #expect(shuffled.function(holding: 0xffff_ffff_8100_00ff) == nil)
    }
}
