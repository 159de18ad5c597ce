import CProbe
import Contention
import Testing

@testable import Probe

@Suite("The attach plan") struct AttachPlanTests {
    typealias Kernel = HandMadeKernel

    static let everything = Facilities(kprobePMU: 8, kprobeRefusal: nil, tracingRefusal: nil)
    static let noKprobes = Facilities(
        kprobePMU: nil, kprobeRefusal: .missing(reason: "this kernel has no kprobes", hint: "take another"),
        tracingRefusal: nil)
    static let noTracing = Facilities(
        kprobePMU: 8, kprobeRefusal: nil, tracingRefusal: .missing(reason: "tracing is refused", hint: "ask the vendor")
    )
    static let nothing = Facilities(
        kprobePMU: nil, kprobeRefusal: noKprobes.kprobeRefusal, tracingRefusal: noTracing.tracingRefusal,
        samplingRefusal: .missing(reason: "no timer runs a program"))

    @Test("a kernel that has everything gives every series exactly")
    func complete() {
        var kernel = Kernel()
        for withText in [false, true] {
            if withText { kernel.layWholeText() }
            let plan = AttachPlan(kernel.map(), Self.everything)
            #expect(Set(plan.offers.keys) == Set(Self.ofFunctions))
            #expect(plan.offers.values.allSatisfy { $0.mode == .exact })
            expectComplete(plan)
        }
    }

    private func expectComplete(_ plan: AttachPlan) {
        #expect(
            plan.rows.allSatisfy { $0.reason.isEmpty && $0.hint.isEmpty && $0.address != nil && !$0.function.isEmpty })
    }

    @Test("every program is attached once, and none that is not in the object")
    func programs() {
        var whole = Kernel()
        whole.layWholeText()
        var withoutSlowPath = Kernel()
        withoutSlowPath.forget("rwsem_down_read_slowpath")
        var withoutDots = Kernel()
        withoutDots.forget("handle_dots")
        let plans = [
            AttachPlan(withoutSlowPath.map(), Self.everything), AttachPlan(withoutDots.map(), Self.everything),
            AttachPlan(whole.map(), Self.everything), AttachPlan(Kernel().map(), Self.everything),
            AttachPlan(Kernel().map(), Self.noKprobes),
        ]
        for names in plans.map({ $0.attachments.map(\.program) }) {
            #expect(Set(names).count == names.count)
            #expect(Set(names).isSubset(of: FunctionPrograms.all))
        }
        #expect(
            Set(plans.flatMap(\.attachments).map(\.program))
                == Set(FunctionPrograms.all).subtracting([FunctionPrograms.mountsRelease]),
            "every program has a use; that of scans feeds no series")
    }

    @Test("instructions that run in failures only are taken before functions that every walk calls")
    func cold() throws {
        var kernel = Kernel()
        kernel.layWholeText()
        let plan = AttachPlan(kernel.map(), Self.everything)
        let byProgram = Dictionary(uniqueKeysWithValues: plan.attachments.map { ($0.program, $0.kprobeAddresses) })
        #expect(byProgram["legitimize_mnt_fails"] == [Kernel.legitimize + 11])
        #expect(byProgram["handle_dots_fails"] == [Kernel.handleDots + 11])
        #expect(byProgram["lookup_redone"] == [Kernel.walkers + 11])
        #expect(byProgram["open_redone"] == [Kernel.walkers + 0x1000 + 11])
        #expect(byProgram["parent_redone"] == [Kernel.walkers + 0x2000 + 11])
        #expect(plan.dotdot == MS_DOTDOT_SITES)
        #expect(try row(plan, .walkFallbacks, "open").function == "do_filp_open+0xb")
        let byFunction = AttachPlan(kernel.map(), Self.everything, choice: .function)
        #expect(byFunction.attachments.allSatisfy { $0.kprobeAddresses.isEmpty || !$0.program.hasSuffix("_fails") })
        #expect(byFunction.dotdot == MS_DOTDOT_RETURNS)
    }

    @Test("one way is enough: the reasons of those that failed are not shown")
    func fallsBack() throws {
        var kernel = Kernel()
        kernel.layWholeText()
        let plan = AttachPlan(kernel.map(), Self.noKprobes)
        #expect(plan.offers[SeriesKey(.readRetries, site: "walk")]?.programs == ["legitimize_mnt"])
        #expect(try row(plan, .readRetries, "walk").reason == "")
        let cold = AttachPlan(kernel.map(), Self.noTracing)
        for key in Self.traced { #expect(cold.offers[key]?.mode == .exact, "\(key)") }
    }

    @Test("by functions, walks that are done again are counted where they give up: no walk's exit is watched too")
    func walksAtFailures() throws {
        var kernel = Kernel()
        let plan = AttachPlan(kernel.map(), Self.noKprobes)
        for walk in PathWalk.allCases {
            let source = try #require(plan.offers[SeriesKey(.walkFallbacks, site: walk.site)])
            #expect(source.mode == .exact && source.programs == ["legitimize_mnt", "handle_dots"])
        }
        #expect(plan.walksAtFailures == Set(PathWalk.allCases))
        let config = kernel.map().configuration(dotdot: plan.dotdot, walks: [.open])
        #expect(config.walks.0.parts.0.start == 0 && config.walks.2.parts.0.start == 0)
        #expect(config.walks.1.parts.0.start == kernel.map().symbols.only(named: "path_openat")?.address)
        kernel.forget("handle_dots")
        let exits = AttachPlan(kernel.map(), Self.noKprobes)
        #expect(exits.offers[SeriesKey(.walkFallbacks, site: "open")]?.programs == ["path_openat"])
        #expect(exits.walksAtFailures.isEmpty)
    }

    @Test("no failure is counted twice: where kprobes see it, walks without an instruction are seen at exits")
    func countedOnce() throws {
        var kernel = Kernel()
        kernel.layWholeText()
        let plan = AttachPlan(kernel.map(), Self.everything, refusals: ["open_redone": "Invalid argument"])
        let programs = plan.attachments.map(\.program)
        #expect(programs.contains("legitimize_mnt_fails") && !programs.contains("legitimize_mnt"))
        #expect(plan.offers[SeriesKey(.walkFallbacks, site: "open")]?.programs == ["path_openat"])
        #expect(plan.offers[SeriesKey(.walkFallbacks, site: "lookup")]?.programs == ["lookup_redone"])
        #expect(plan.walksAtFailures.isEmpty)
    }

    @Test("a choice of probes leaves the others out and says so")
    func choices() throws {
        let sampled = AttachPlan(Kernel().map(), Self.everything, choice: .sample)
        #expect(sampled.attachments == [])
        #expect(sampled.rows.filter { $0.mode != .unavailable }.map(\.key) == [SeriesKey(.writeSections)])
        #expect(try row(sampled, .readRetries, "walk").reason == "not by --attach sample")
        let cold = AttachPlan(Kernel().map(), Self.everything, choice: .cold)
        #expect(try row(cold, .walkFallbacks, "open").reason == "\(Self.noText); not by --attach cold")
        #expect(try row(cold, .readHold, "mounts").mode == .exact, "the tables have one way only")
    }

    @Test("kprobes go to addresses, fexit to names")
    func addresses() throws {
        let plan = AttachPlan(Kernel().map(), Self.everything)
        let byProgram = Dictionary(uniqueKeysWithValues: plan.attachments.map { ($0.program, $0.kprobeAddresses) })
        #expect(byProgram["m_start"] == [Kernel.mountsStart])
        #expect(byProgram["read_waited"] == [] && byProgram["read_waits"] == [])
        #expect(byProgram["m_stop"] == [Kernel.mountsStop])
        #expect(byProgram["prepend_path_locks"] == [Kernel.prependPath + 6])
        #expect(byProgram["legitimize_mnt"] == [])
    }

    @Test("without kprobes d_path is estimated, the mount tables are unavailable, and the rest is exact")
    func withoutKprobes() throws {
        let plan = AttachPlan(Kernel().map(), Self.noKprobes)
        let path = try row(plan, .readRetries, "d_path")
        #expect(path.mode == .estimated)
        #expect(path.reason.contains("upper bound"))
        #expect(plan.offers[path.key]?.programs == ["prepend_path_enter", "prepend_path_exit"])
        for metric in [Metric.readWait, .readHold] {
            for site in ["mountinfo", "mounts", "mountstats"] {
                let table = try row(plan, metric, site)
                #expect(table.mode == .unavailable)
                #expect(table.reason == "this kernel has no kprobes" && table.hint == "take another")
                #expect(table.address == Kernel.mountsStart, "where it would be is shown all the same")
            }
        }
        for site in Metric.walkFallbacks.sites { #expect(try row(plan, .walkFallbacks, site).mode == .exact) }
    }

    @Test("without tracing programs only kprobes and the sequence are left")
    func withoutTracing() throws {
        let plan = AttachPlan(Kernel().map(), Self.noTracing)
        #expect(try row(plan, .readRetries, "d_path").mode == .exact)
        #expect(try row(plan, .readHold, "mountinfo").mode == .exact)
        for key in Self.traced {
            let refused = try row(plan, key.metric, key.site)
            #expect(refused.mode == .unavailable)
            #expect(
                refused.reason == "\(Self.noText); tracing is refused" && refused.hint == "ask the vendor", "\(key)")
        }
    }

    @Test("a kernel that takes no program still gives the write sections, and every reason")
    func withoutAnything() throws {
        let plan = AttachPlan(Kernel().map(), Self.nothing)
        #expect(plan.attachments == [])
        #expect(try row(plan, .writeSections, "").mode == .exact)
        #expect(try row(plan, .readRetries, "d_path").reason == "this kernel has no kprobes; tracing is refused")
        #expect(plan.offers.values.allSatisfy { ($0.mode == .unavailable) == !$0.reason.isEmpty })
        #expect(plan.rows.allSatisfy { $0.mode == .exact || !$0.reason.isEmpty })
    }

    @Test("only the write sections are required, and without mount_lock they say why")
    func required() throws {
        var kernel = Kernel()
        #expect(
            AttachPlan(kernel.map(), Self.everything).rows.filter(\.required).map(\.key) == [SeriesKey(.writeSections)])
        kernel.forget("__legitimize_mnt")
        let lacking = try row(AttachPlan(kernel.map(), Self.everything), .writeSections, "")
        #expect(lacking.required && lacking.mode == .unavailable)
        #expect(lacking.reason == "neither mount_lock nor __legitimize_mnt is in /proc/kallsyms")
        let hidden = try row(AttachPlan(Kernel().map(hidden: true), Self.everything), .writeSections, "")
        #expect(hidden.required && hidden.hint.contains("root"))
    }

    @Test("a name that two functions have is not traced")
    func ambiguous() throws {
        var kernel = Kernel()
        kernel.forget("handle_dots")
        kernel.function("path_lookupat", at: 0xffff_ffff_8140_0000) { $0.pad(16) }
        let plan = AttachPlan(kernel.map(), Self.everything)
        let lookup = try row(plan, .walkFallbacks, "lookup")
        #expect(lookup.mode == .unavailable)
        #expect(
            lookup.reason
                == "\(Self.noText); this kernel has no function handle_dots; "
                + "path_lookupat is ambiguous: 2 functions have this name")
        #expect(try row(plan, .walkFallbacks, "open").mode == .exact)
    }

    @Test("a function that is gone, or only there as a clone, is told so")
    func gone() throws {
        var kernel = Kernel()
        kernel.forget("path_parentat")
        kernel.rename("path_openat", to: "path_openat.isra.0")
        let plan = AttachPlan(kernel.map(), Self.everything)
        #expect(
            try row(plan, .walkFallbacks, "parent").reason
                == "\(Self.noText); path_parentat is not in /proc/kallsyms; this kernel has no function path_parentat")
        #expect(try row(plan, .walkFallbacks, "open").mode == .exact, "its frames are known by the clone")
        kernel.forget("handle_dots")
        #expect(
            try row(AttachPlan(kernel.map(), Self.everything), .walkFallbacks, "open").reason
                == "\(Self.noText); this kernel has no function handle_dots; "
                + "path_openat is only there as path_openat.isra.0")
    }

    @Test("a function that BTF knows otherwise, or not at all, is not traced")
    func types() throws {
        var kernel = Kernel()
        kernel.types.functions["handle_dots"] = 3
        kernel.types.functions["path_openat"] = nil
        let plan = AttachPlan(kernel.map(), Self.everything)
        #expect(
            try row(plan, .readRetries, "dotdot").reason == "\(Self.noText); handle_dots takes 3 parameters here, not 2"
        )
        #expect(
            try row(plan, .walkFallbacks, "open").reason
                == "\(Self.noText); handle_dots takes 3 parameters here, not 2; BTF does not describe path_openat")
        #expect(try row(plan, .readRetries, "walk").mode == .exact)
        #expect(!plan.attachments.contains { $0.program == "handle_dots" || $0.program == "path_openat" })
    }

    @Test("callers that cannot be told apart cost the series that needs them")
    func callers() throws {
        var kernel = Kernel()
        kernel.forget("lookup_mnt")
        kernel.forget("show_vfsstat")
        let plan = AttachPlan(kernel.map(), Self.everything)
        #expect(
            try row(plan, .readRetries, "lookup").reason == "\(Self.noText); lookup_mnt is not in /proc/kallsyms")
        #expect(try row(plan, .readRetries, "walk").mode == .unavailable)
        #expect(try row(plan, .readRetries, "dotdot").mode == .exact)
        #expect(try row(plan, .readHold, "mountstats").reason == "show_vfsstat is not in /proc/kallsyms")
        #expect(try row(plan, .readHold, "mountinfo").mode == .exact)
    }

    @Test("a program that the kernel refused costs its own series only")
    func refused() throws {
        let plan = AttachPlan(Kernel().map(), Self.everything, refusals: ["handle_dots": "Invalid argument"])
        #expect(
            try row(plan, .readRetries, "dotdot").reason
                == "\(Self.noText); the kernel refused handle_dots: Invalid argument")
        #expect(try row(plan, .readRetries, "lookup").mode == .exact)
        #expect(!plan.attachments.contains { $0.program == "handle_dots" })
        #expect(plan.attachments.contains { $0.program == "legitimize_mnt" })
    }

    @Test("a refused kprobe of prepend_path falls back to the estimate")
    func refusedKprobe() throws {
        let plan = AttachPlan(
            Kernel().map(), Self.everything, refusals: ["prepend_path_locks": "No space left on device"])
        #expect(try row(plan, .readRetries, "d_path").mode == .estimated)
    }

    @Test("a recorded kernel that refuses programs has only the sequence, and knows where the rest would be")
    func recorded() throws {
        let plan = AttachPlan(RecordedKernel.map(), Self.nothing)
        #expect(try row(plan, .writeSections, "").address == RecordedKernel.mountLock)
        #expect(try row(plan, .readRetries, "d_path").function == "prepend_path+0x231")
        #expect(try row(plan, .readHold, "mountinfo").function == "m_start")
        #expect(plan.rows.filter { $0.mode != .unavailable }.count == 1)
    }

    @Test("what the programs must know is what was found")
    func configuration() {
        var kernel = Kernel()
        kernel.function("lookup_mnt.cold", at: 0xffff_ffff_8150_0000) { $0.pad(32) }
        let map = kernel.map()
        let config = map.configuration(dotdot: MS_DOTDOT_RETURNS)
        #expect(config.mount_lock == Kernel.mountLock)
        #expect(config.table_show.0 == map.symbols.only(named: "show_mountinfo")?.address)
        #expect(config.table_show.2 == map.symbols.only(named: "show_vfsstat")?.address)
        #expect(config.legitimize_mnt.parts.0.start == Kernel.legitimize)
        #expect(config.legitimize_mnt.parts.0.end > Kernel.legitimize)
        #expect(config.lookup_mnt.parts.1.end - config.lookup_mnt.parts.1.start == 32)
        #expect(config.lookup_mnt.parts.2.start == 0 && config.lookup_mnt.parts.2.end == 0, "no third part")
        #expect(config.dotdot == MS_DOTDOT_RETURNS.rawValue)
        #expect(map.configuration(dotdot: MS_DOTDOT_UNWATCHED).dotdot == 0)
    }

    /// The series that rules give; all others are had at the locks' instructions, from samples or from no probe.
    private static let ofFunctions =
        [SeriesKey(.writeSections), SeriesKey(.readRetries, site: "d_path")] + traced
        + ["mountinfo", "mounts", "mountstats"].flatMap {
            [SeriesKey(.readWait, site: $0), SeriesKey(.readHold, site: $0)]
        }

    /// Why a kernel of which only a few functions are known has no cold way.
    private static let noText = "the kernel's text cannot be read at _stext+0x0"

    private static let traced =
        Metric.walkFallbacks.sites.map { SeriesKey(.walkFallbacks, site: $0) }
        + ["lookup", "walk", "dotdot"].map { SeriesKey(.readRetries, site: $0) }

    private func row(_ plan: AttachPlan, _ metric: Metric, _ site: String) throws -> AttachRow {
        try #require(plan.rows.first { $0.key == SeriesKey(metric, site: site) })
    }
}
