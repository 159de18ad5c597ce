import CProbe
import Contention

/// Which series the programs on instructions give, and how good they are.
struct LockSiteSeries {
    let plan: LockSitePlan
    /// Why there is none at all; nil where there are some.
    let refusal: Finding?
    /// Why `MS_OPERATION_*` cannot be told apart; nil where they can.
    let operationRefusal: String?
    /// What is known of calls whose bodies refuse probes from around them; nil where nothing was tried.
    let calls: TracedCalls?
    /// What is not understood of the kernel's text; nil where nothing was read.
    let completeness: Completeness?

    init(
        plan: LockSitePlan, refusal: Finding?, operationRefusal: String?, calls: TracedCalls? = nil,
        completeness: Completeness? = nil
    ) {
        self.plan = plan
        self.completeness = completeness
        self.refusal = refusal
        self.operationRefusal = operationRefusal
        self.calls = calls
    }

    /// What could be had on this kernel, before anything is attached.
    init(_ kernel: KernelMap, _ facilities: Facilities, choice: AttachChoice) {
        var refusal = facilities.sitesRefusal(choice)
        if refusal == nil, case .failure(let error) = kernel.sites {
            refusal = .missing(reason: error.message, hint: error.hint)
        }
        self.init(
            plan: LockSiteFinder(kernel: kernel).plan(), refusal: refusal,
            operationRefusal: kernel.userRegisters == nil
                ? "the registers of a task's system call were not found on its stack" : nil,
            completeness: Completeness(kernel))
    }

    /// The same series of a plan that was carried out.
    func attached(_ plan: LockSitePlan, _ calls: TracedCalls?) -> LockSiteSeries {
        LockSiteSeries(
            plan: plan, refusal: refusal, operationRefusal: operationRefusal, calls: calls, completeness: completeness)
    }

    /// What will become of the series, as far as it can be told without trying.
    func expected(_ kernel: KernelMap, _ facilities: Facilities) -> LockSiteSeries {
        let expected = sparing(kernel)
        let calls = refusal == nil ? expected.plan.refusedCalls : []
        return attached(expected.plan, calls.isEmpty ? nil : TracedCalls(calls, kernel, facilities))
    }

    /// Without the instructions that the kernel refuses for the function that they are in: it writes a line into its log for
    /// each that is tried (kernel/trace/trace_kprobe.c, `within_notrace_func`).
    func sparing(_ kernel: KernelMap) -> LockSiteSeries {
        guard refusal == nil, kernel.sparesUntraced, case .success(let map) = kernel.sites else { return self }
        let beyond = plan.sites.filter { map.isBeyondTracer($0.address) }
        let why = "the kernel's function tracer does not reach this function"
        return attached(plan.without(Dictionary(beyond.map { ($0.address, why) }) { first, _ in first }), nil)
    }

    /// The same series, of programs that the kernel refused.
    func refused(_ reason: String) -> LockSiteSeries {
        LockSiteSeries(
            plan: plan, refusal: .missing(reason: reason), operationRefusal: operationRefusal,
            completeness: completeness)
    }

    /// What to attach: nothing where there is a refusal.
    var wanted: [LockSite] { refusal == nil ? plan.attached : [] }

    /// The functions that a metric is split by on this kernel; one without a name where they are not known.
    func functions(of metric: Metric) -> [String] {
        let functions = refusal == nil ? plan.functions(of: metric) : []
        guard !functions.isEmpty else { return [""] }
        return metric == .writeAcquires && !plan.blindWriters.isEmpty ? functions + [Metric.unwatched] : functions
    }

    /// The metrics that have no other offer.
    static let metrics: [Metric] = [
        .writeAcquires, .writeHold, .exclusiveAcquires, .exclusiveHold, .lockWait, .readerSpins, .spinIterations,
        .spinTime, .readerWait, .writeWait, .semaphoreWriteHold,
    ]

    /// Whether a series comes from these programs, if it can be had.
    static func gives(_ key: SeriesKey) -> Bool {
        metrics.contains(key.metric) || LockSiteReader.histogram(key) != nil
    }

    /// The programs that a series needs.
    static func programs(_ key: SeriesKey) -> [LockSite.Program] {
        switch key.metric {
        case .writeAcquires: [.writeAcquired]
        case .writeHold: [.writeAcquired, .writeLeft]
        case .exclusiveAcquires: [.exclusiveAcquired]
        case .exclusiveHold: [.exclusiveAcquired, .exclusiveReleased]
        case .lockWait: [.lockContended, key.site == "write" ? .writeAcquired : .exclusiveAcquired]
        case .readerSpins, .spinIterations, .spinTime: [.readerPaused]
        case .readerWait: [.readerBlocked, .readerResumed]
        case .writeWait, .readWait: [.semaphoreRequested, .semaphoreAcquired]
        case .semaphoreWriteHold, .readHold: [.semaphoreRequested, .semaphoreAcquired, .semaphoreReleased]
        default: []
        }
    }

    func offer(_ key: SeriesKey) -> Offer {
        let programs = LockSiteSeries.programs(key)
        func unavailable(_ reason: String) -> Offer {
            Offer(mode: .unavailable, programs: [], reason: reason)
        }
        if case .missing(let reason, _) = refusal { return unavailable(reason) }
        for program in programs where !plan.attached.contains(where: { $0.program == program }) {
            let refused = plan.sites.first { $0.program == program }.flatMap { plan.refused[$0.address] }
            return unavailable(refused.map { "the kernel refused its instructions: \($0)" } ?? whyNone(program))
        }
        if key == SeriesKey(.writeAcquires, site: Metric.unwatched) {
            return Offer(
                mode: .estimated, programs: programs.map(\.rawValue), reason: "",
                note: "what the sequence tells of beyond the other functions, those in "
                    + "\(plan.blindWriters.joined(separator: ", ")): a lower bound, by the sections under way")
        }
        if let why = refusedFunction(key) { return unavailable(why) }
        if let operationRefusal, needsOperation(key) { return unavailable(operationRefusal) }
        for body in plan.refusedBodies(key, programs) {
            if let why = whyUnseen(key, body) {
                return unavailable("the kernel refuses probes in \(body)\(why.isEmpty ? "" : "; \(why)")")
            }
        }
        if key == SeriesKey(.readHold, site: "notify"), !plan.attached.contains(where: { $0.kind == .downgrade }) {
            return unavailable("this kernel never downgrades namespace_sem")
        }
        let around = points(key).map(\.program.rawValue)
        return Offer(
            mode: mode(key, programs), programs: programs.map(\.rawValue) + Array(Set(around)).sorted(), reason: "",
            note: note(key, programs))
    }

    /// Why a kernel has no instruction for a program.
    private func whyNone(_ program: LockSite.Program) -> String {
        switch program {
        case .readerPaused where knows(.readerBlocked):
            "readers of this kernel (PREEMPT_RT) block instead of spinning: see reader_wait"
        case .readerBlocked where knows(.readerPaused), .readerResumed where knows(.readerPaused):
            "readers of this kernel spin: see reader_spins"
        case .lockContended where knows(.readerBlocked):
            "the spinlock of this kernel (PREEMPT_RT) sleeps, and has no slow path of its own"
        default: "no instruction for \(program.rawValue) is known in this kernel's text"
        }
    }

    private func knows(_ program: LockSite.Program) -> Bool { plan.sites.contains { $0.program == program } }

    /// Why a function's events cannot be counted: its instructions refuse probes. Nil where they can.
    private func refusedFunction(_ key: SeriesKey) -> String? {
        guard key.metric.siteKind == .functions else { return nil }
        let programs = LockSiteSeries.programs(key)
        let sites = plan.sites.filter { programs.contains($0.program) && $0.function == key.site }
        let refused = sites.filter { plan.refused[$0.address] != nil }
        if refused.contains(where: { plan.refused[$0.address] == LockSitePlan.noRoom }) { return LockSitePlan.noRoom }
        switch (refused.count, sites.count) {
        case (0, _): return nil
        case (1, 1): return "the kernel refuses its probe"
        case (let some, let all) where some == all: return "the kernel refuses all of its \(all) probes"
        case (let some, let all): return "the kernel refuses \(some) of its \(all) probes"
        }
    }

    private func mode(_ key: SeriesKey, _ programs: [LockSite.Program]) -> Mode {
        note(key, programs).isEmpty ? .exact : .estimated
    }

    /// What keeps a series from being exact; empty where nothing does.
    private func note(_ key: SeriesKey, _ programs: [LockSite.Program]) -> String {
        [limits(key, programs), completeness?.doubt(about: key) ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// What the programs and this kernel's refusals leave out of a series; empty where it is nothing.
    private func limits(_ key: SeriesKey, _ programs: [LockSite.Program]) -> String {
        if key.metric == .spinTime { return "from the first to the last turn of each episode: one turn short" }
        // A count by function is exact in the functions that are watched; coverage tells of the others.
        if key.metric.siteKind == .functions { return "" }
        let bodies = plan.refusedBodies(key, programs)
        let refused = plan.refusedFunctions(key, programs).subtracting(bodies).sorted()
        let bound =
            refused.isEmpty ? [] : ["a lower bound: the kernel refuses probes in \(refused.joined(separator: ", "))"]
        return (bound + bodies.map { callNote(key, $0) }).joined(separator: "; ")
    }

    private func needsOperation(_ key: SeriesKey) -> Bool {
        switch key.metric {
        case .writeWait, .semaphoreWriteHold: key.site != "expiry" && key.site != "exit"
        case .readWait, .readHold: key.site != "notify"
        default: false
        }
    }

    /// The series' rows of the attach table.
    func rows(_ keys: [SeriesKey]) -> [AttachRow] {
        keys.filter(LockSiteSeries.gives).flatMap { key -> [AttachRow] in
            let offer = offer(key)
            let sites = plan.sites.filter { site in
                LockSiteSeries.programs(key).contains(site.program)
                    && (key.metric.siteKind == .fixed || site.function == key.site)
            }
            var hint = ""
            if case .missing(_, let advice) = refusal { hint = advice }
            let row = AttachRow(
                key: key, mode: offer.mode, program: sites.isEmpty ? "" : "kprobe", function: describe(sites),
                address: sites.count == 1 ? sites[0].address : nil, required: false,
                reason: offer.reason.isEmpty ? offer.note : offer.reason, hint: offer.reason.isEmpty ? "" : hint)
            guard offer.mode != .unavailable else { return [row] }
            return [row]
                + points(key).map { point in
                    AttachRow(
                        key: key, mode: offer.mode, program: point.program.attachKind, function: point.function,
                        address: point.address, required: false, reason: offer.note, hint: "")
                }
        }
    }

    private func describe(_ sites: [LockSite]) -> String {
        guard sites.count > 1 else {
            return sites.first.map { "\($0.function)+0x\(String($0.offset, radix: 16))" } ?? ""
        }
        let functions = Set(sites.map(\.function))
        return functions.count == 1
            ? "\(sites.count) places in \(sites[0].function)" : "\(sites.count) places in \(functions.count) functions"
    }
}
