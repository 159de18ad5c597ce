import CProbe
import Contention
import ProbeImage

/// Loads and attaches what a plan asks for; a program that the kernel refuses costs its series, not the run.
struct Attacher {
    let kernel: KernelMap
    let facilities: Facilities
    let choice: AttachChoice
    let possibleCPUs: Int
    /// Where the programs count by actor; nil where nobody asks for that.
    var actors: ActorTables?

    /// What makes programs cheaper on kernels that have it; the first refusal is put down to it.
    private struct Extras {
        /// Programs look into what a pointer leads to without a call.
        var casts: Bool
        /// Which says where programs at functions' entries go.
        var facilities: Facilities
        /// Whose event it was is asked too. Given up last.
        var actors = true

        var isNone: Bool { !casts && !facilities.takesEntries && !facilities.makesJumps && !actors }
        var none: Extras {
            var plain = Extras(casts: false, facilities: facilities)
            plain.actors = actors && (casts || facilities.takesEntries || facilities.makesJumps)
            plain.facilities.takesEntries = false
            plain.facilities.makesJumps = false
            return plain
        }
    }

    private var extras: Extras {
        Extras(
            casts: kernel.hasCasts, facilities: facilities, actors: actors != nil)
    }

    /// The plan as it could be carried out, and the object that holds it; no object where nothing is attached.
    /// - Throws: `ProbeError`, and what `progress` throws.
    func attach(_ progress: inout AttachProgress) throws -> (AttachPlan, BPFObject?) {
        var refusals: [String: String] = [:]
        var extras = extras
        while true {
            let plan = AttachPlan(
                kernel, extras.facilities, choice: choice, refusals: refusals, rules: AttachRule.ofFunctions)
            guard !plan.attachments.isEmpty else { return (plan, nil) }
            let object = try open(plan, extras)
            do {
                try object.load()
                try attach(plan, object, extras, &progress)
                let scans = try attachRelease(plan, object, extras)
                if extras.actors { actors?.joinFunctions(scans: scans) }
                return (plan, object)
            } catch let error as BPFObject.Refusal {
                object.close()
                guard extras.isNone else {
                    extras = extras.none
                    continue
                }
                guard FunctionPrograms.all.contains(error.program), refusals[error.program] == nil else {
                    throw ProbeError(
                        .failed, "the kernel refused the eBPF object: \(error.reason)\n\(object.lastWords)")
                }
                refusals[error.program] = error.reason
            } catch {
                object.close()
                throw error
            }
        }
    }

    private func open(_ plan: AttachPlan, _ extras: Extras) throws(ProbeError) -> BPFObject {
        let object = try BPFObject(.programs, name: "mountscope")
        for program in FunctionPrograms.all where !plan.attachments.contains(where: { $0.program == program }) {
            guard program != FunctionPrograms.mountsRelease || release(plan, extras) == nil else { continue }
            object.leaveOut(program)
        }
        if extras.facilities.takesEntries {
            for program in FunctionPrograms.atEntries { object.expectFunctions(program) }
        }
        var constants = kernel.configuration(dotdot: plan.dotdot, walks: plan.walksAtFailures)
        if plan.attachments.contains(where: { $0.program == "read_waited" }) {
            constants.semaphore = kernel.namespaceSem.address ?? 0
        }
        constants.who = try ActorTables.prepare(
            object, extras.actors ? actors : nil, casts: extras.casts, scans: release(plan, extras) != nil)
        constants.mounts_register = UInt64(mountsRegister(plan) ?? UInt8(MS_FIRST_ARGUMENT))
        guard object.setConstants(constants),
            object.map("counters", holds: ms_counters.self), object.map("page_times", holds: ms_page_times.self),
            object.map(FunctionPrograms.runsMap, holds: ms_runs.self, times: Int(MS_RUN_ROWS))
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        return object
    }

    /// Where a mount table's file is closed; nil where that is not known, or no page is timed.
    private func release(_ plan: AttachPlan, _ extras: Extras) -> [UInt64]? {
        guard extras.actors, actors != nil, plan.attachments.contains(where: { $0.program == "m_stop" }) else {
            return nil
        }
        guard case .found(let addresses) = extras.facilities.entry(kernel.tables.release) else { return nil }
        return addresses
    }

    /// Whether scans are counted.
    private func attachRelease(_ plan: AttachPlan, _ object: BPFObject, _ extras: Extras) throws -> Bool {
        guard let addresses = release(plan, extras) else { return false }
        try attach(FunctionPrograms.mountsRelease, at: addresses, object, extras)
        return true
    }

    /// Where m_stop's program finds the `struct proc_mounts`; nil where it follows the first argument to it.
    private func mountsRegister(_ plan: AttachPlan) -> UInt8? {
        let addresses = plan.attachments.first { $0.program == "m_stop" }?.kprobeAddresses
        return kernel.tables.stopPoint.flatMap { addresses == [$0.address] ? $0.register : nil }
    }

    private func attach(
        _ plan: AttachPlan, _ object: BPFObject, _ extras: Extras, _ progress: inout AttachProgress
    ) throws {
        for attachment in plan.attachments {
            if attachment.kprobeAddresses.isEmpty {
                try progress.step()
                try object.attachTracing(attachment.program)
            }
            for address in attachment.kprobeAddresses {
                try progress.step()
                try attach(attachment.program, at: [address], object, extras)
            }
        }
    }

    private func attach(_ program: String, at addresses: [UInt64], _ object: BPFObject, _ extras: Extras) throws {
        if extras.facilities.takesEntries, FunctionPrograms.atEntries.contains(program) {
            return try object.attachFunctions(program, addresses)
        }
        for address in addresses {
            try object.attachKprobe(program, pmuType: facilities.kprobePMU ?? 0, address: address)
        }
    }
}
