import CProbe
import Contention
import ProbeImage

/// Programs around the system calls whose bodies refuse probes, attached until they are closed.
///
/// An object for each traced function: what the kernel refuses of one costs that one. They count where the programs on
/// instructions do.
final class CallProbes {
    /// What became of the calls.
    private(set) var traced: TracedCalls
    private let actors: ActorTables?
    private var objects: [(function: String, programs: [CallProgram], object: BPFObject)] = []

    init(
        _ calls: [RefusedCall], _ wanted: TracedCalls, kernel: KernelMap, sharing sites: BPFObject,
        who: ms_actor_config, actors: ActorTables?
    ) {
        traced = wanted
        self.actors = actors
        let semaphore = kernel.namespaceSem.address ?? 0
        for call in calls {
            let constants = ms_call_config(
                semaphore: semaphore, kind: call.kind.rawValue, class: call.code ?? 0, who: who)
            attach(CallProgram.ofCalls, to: call.entry, constants, sites)
        }
        // Nobody asks for the waits of calls that are not seen.
        for call in calls where traced.attached[call.entry] != nil && !isTraced(call.slowPath) {
            let constants = ms_call_config(semaphore: semaphore, kind: call.kind.rawValue, class: 0, who: who)
            attach(CallProgram.ofWaits, to: call.slowPath, constants, sites)
        }
    }

    private func isTraced(_ function: String) -> Bool { objects.contains { $0.function == function } }

    private func attach(
        _ programs: [CallProgram], to function: String, _ constants: ms_call_config, _ sites: BPFObject
    ) {
        guard traced.attached[function] != nil else { return }
        do {
            objects.append((function, programs, try object(programs, function, constants, sites)))
        } catch let error as BPFObject.Refusal {
            traced.refuse(function, "the kernel refused \(error.program): \(error.reason)")
        } catch {
            traced.refuse(function, "\(error)")
        }
    }

    private func object(
        _ programs: [CallProgram], _ function: String, _ constants: ms_call_config, _ sites: BPFObject
    ) throws -> BPFObject {
        let object = try BPFObject(.calls, name: "mountscope_call")
        for program in CallProgram.allCases where !programs.contains(program) { object.leaveOut(program.rawValue) }
        _ = try ActorTables.prepare(object, actors, casts: constants.who.has_casts != 0)
        guard object.setConstants(constants),
            ["site_counts", "site_histograms", "turns"].allSatisfy({ object.share($0, of: sites) })
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        for program in programs { try object.setTarget(program.rawValue, function) }
        try object.load()
        for program in programs { try object.attachTracing(program.rawValue) }
        return object
    }

    /// Programs that are attached somewhere.
    var programs: [CallProgram] {
        CallProgram.allCases.filter { program in objects.contains { $0.programs.contains(program) } }
    }

    /// Places that programs are attached to.
    var pointCount: Int { objects.reduce(0) { $0 + $1.programs.count } }

    func detach(_ program: CallProgram) {
        for one in objects where one.programs.contains(program) { one.object.detach(program.rawValue) }
    }

    /// Runs skipped because the program was running already; nil where the kernel does not count them.
    func recursionMisses(_ program: CallProgram) -> UInt64? {
        let counts = objects.filter { $0.programs.contains(program) }.map {
            $0.object.recursionMisses(program.rawValue)
        }
        return counts.contains(nil) ? nil : counts.compactMap { $0 }.reduce(0, +)
    }

    func close() { for one in objects { one.object.close() } }
}
