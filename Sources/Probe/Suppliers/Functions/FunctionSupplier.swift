import CProbe
import Contention

/// Failed validations, walks that are done again and pages of the mount tables: by programs at functions, their entries and exits
/// and the instructions in them that run only in failures (bpf/mountscope.bpf.c).
final class FunctionSupplier: SeriesSupplier {
    private let attacher: Attacher
    private(set) var plan: AttachPlan
    private var object: (any LoadedObject)?
    private var reader: CounterReader
    private var losses = ProgramLosses(nil)

    /// - Parameter actors: where the programs count by actor; nil where nobody asks for that.
    init(
        _ kernel: KernelMap, _ facilities: Facilities, _ options: ProbeOptions, possibleCPUs: Int,
        actors: ActorTables? = nil
    ) {
        attacher = Attacher(
            kernel: kernel, facilities: facilities, choice: options.attach, possibleCPUs: possibleCPUs, actors: actors)
        plan = AttachPlan(kernel, facilities, choice: options.attach, rules: AttachRule.ofFunctions)
        reader = CounterReader(programs: nil, possibleCPUs: possibleCPUs)
    }

    /// Programs that are attached already; nil of a kernel that tells nothing of them.
    init(_ plan: AttachPlan, attached object: (any LoadedObject)?, by attacher: Attacher) {
        self.attacher = attacher
        self.plan = plan
        self.object = object
        reader = CounterReader(programs: object, possibleCPUs: attacher.possibleCPUs)
        losses = ProgramLosses(object, programs: plan.attachments.map(\.program), kprobes: plan.kprobes)
    }

    var placeCount: Int { plan.pointCount }

    func attach(beside earlier: EarlierSuppliers, _ progress: inout AttachProgress) throws {
        let (plan, object) = try attacher.attach(&progress)
        self.plan = plan
        self.object = object
        reader = CounterReader(programs: object, possibleCPUs: attacher.possibleCPUs)
        losses = ProgramLosses(object, programs: plan.attachments.map(\.program), kprobes: plan.kprobes)
    }

    func offer(_ key: SeriesKey) -> Offer? { plan.offers[key] }

    func rows(_ key: SeriesKey) -> [AttachRow] { plan.rows.filter { $0.key == key } }

    var points: AttachedPoints {
        guard object != nil else { return AttachedPoints() }
        return AttachedPoints(
            kprobes: plan.attachments.reduce(0) { $0 + $1.kprobeAddresses.count },
            traced: plan.attachments.count { $0.kprobeAddresses.isEmpty })
    }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        try reader.refresh()
        losses.refresh()
    }

    func value(_ key: SeriesKey) -> ReadingValue { reader.value(key) }

    /// Of its programs, and of its mount table. A bound where several series share what was lost.
    func lost(_ key: SeriesKey) -> UInt64? {
        let programs = plan.offers[key]?.programs ?? []
        let missed = losses.lost(programs)
        if programs.contains("prepend_path_enter") { return missed + reader.pathsFull }
        if !FunctionPrograms.tellingCallers.isDisjoint(with: programs) { return missed + reader.stacksMissing }
        guard key.metric.subject == .namespaceSem, let table = key.metric.sites.firstIndex(of: key.site) else {
            return missed
        }
        return missed + reader.unmatched(table) + reader.mapFull(table) + reader.impossible(table)
    }

    func lost(_ cause: LossCause) -> LossCount {
        let tables = 0..<Int(MS_TABLES.rawValue)
        switch cause {
        case .recursion, .missedKprobe: return losses.lost(cause)
        case .unmatched where plan.isTimed || plan.tellsCallers:
            return .count((0...tables.upperBound).reduce(reader.stacksMissing) { $0 + reader.unmatched($1) })
        case _ where !plan.isTimed: return .none
        case .mapFull: return .count(tables.reduce(reader.pathsFull) { $0 + reader.mapFull($1) })
        case .impossible: return .count(tables.reduce(0) { $0 + reader.impossible($1) })
        default: return .none
        }
    }

    var programs: [AttachedProgram] {
        guard object != nil else { return [] }
        return plan.attachments.map { attachment in
            AttachedProgram(
                name: attachment.program, kind: attachment.kprobeAddresses.isEmpty ? .tracing : .kprobe,
                hits: reader.hits(attachment.program), group: FunctionPrograms.groups[attachment.program])
        }
    }

    func runTime(_ program: String) -> RunTime? { (object as? BPFObject)?.runTime(program) }

    func detach(_ program: String) { object?.detach(program) }

    func close() { object?.close() }
}

extension AttachPlan {
    /// Programs that go to instructions.
    var kprobes: [String] { attachments.filter { !$0.kprobeAddresses.isEmpty }.map(\.program) }

    /// Whether a retry's site is told by its callers.
    fileprivate var tellsCallers: Bool { attachments.contains { FunctionPrograms.tellingCallers.contains($0.program) } }

    /// Whether anything has a beginning and an end.
    fileprivate var isTimed: Bool {
        kprobes.contains("m_start") || attachments.contains { $0.program == "prepend_path_enter" }
    }
}
