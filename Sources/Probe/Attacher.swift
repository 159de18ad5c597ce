import CProbe
import Contention
import ProbeImage

/// Loads and attaches what a plan asks for; a program that the kernel refuses costs its series, not the run.
struct Attacher {
    let kernel: KernelMap
    let facilities: Facilities
    let choice: AttachChoice
    let possibleCPUs: Int

    /// Every program of bpf/mountscope.bpf.c, in the order of `ms_program`.
    static let allPrograms = [
        "legitimize_mnt", "handle_dots", "path_lookupat", "path_openat", "path_parentat", "prepend_path_locks",
        "prepend_path_enter", "prepend_path_exit", "m_start", "m_start_acquired", "m_stop", "legitimize_mnt_fails",
        "handle_dots_fails", "lookup_redone", "open_redone", "parent_redone",
        "read_waited",
    ]
    /// Those that go to the first instruction of a function.
    private static let atEntries: Set<String> = ["m_start", "m_stop"]

    /// What makes programs cheaper on kernels that have it; the first refusal is put down to it.
    private struct Extras {
        /// Programs look into what a pointer leads to without a call.
        var casts: Bool
        /// Entries of functions without kprobes (CONFIG_FPROBE).
        var entries: Bool

        static let none = Extras(casts: false, entries: false)
        var isNone: Bool { !casts && !entries }
    }

    private var extras: Extras {
        Extras(
            casts: kernel.types?.function("bpf_rdonly_cast") != nil,
            entries: FunctionEntries.areAlone(kernel.symbols))
    }

    /// The plan as it could be carried out, and the object that holds it; no object where nothing is attached.
    /// - Throws: `ProbeError`, and what `progress` throws.
    func attach(_ progress: inout AttachProgress) throws -> (AttachPlan, BPFObject?) {
        var refusals: [String: String] = [:]
        var extras = extras
        while true {
            let plan = AttachPlan(kernel, facilities, choice: choice, refusals: refusals)
            guard !plan.attachments.isEmpty else { return (plan, nil) }
            let object = try open(plan, extras)
            do {
                try object.load()
                try attach(plan, object, extras, &progress)
                return (plan, object)
            } catch let error as BPFObject.Refusal {
                object.close()
                guard extras.isNone else {
                    extras = .none
                    continue
                }
                guard Self.allPrograms.contains(error.program), refusals[error.program] == nil else {
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
        for program in Self.allPrograms where !plan.attachments.contains(where: { $0.program == program }) {
            object.leaveOut(program)
        }
        if extras.entries { for program in Self.atEntries { object.expectFunctions(program) } }
        var constants = kernel.configuration(dotdot: plan.dotdot, countsHits: true)
        constants.has_casts = extras.casts ? 1 : 0
        if plan.attachments.contains(where: { $0.program == "read_waited" }) {
            constants.semaphore = kernel.namespaceSem.address ?? 0
        }
        guard object.setConstants(constants),
            object.map("counters", holds: ms_counters.self), object.map("page_times", holds: ms_page_times.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        object.resize("path_sequences", TaskTable.entries(possibleCPUs))
        return object
    }

    private func attach(
        _ plan: AttachPlan, _ object: BPFObject, _ extras: Extras, _ progress: inout AttachProgress
    ) throws {
        for attachment in plan.attachments {
            if attachment.kprobeAddresses.isEmpty {
                try progress.step()
                try object.attachTracing(attachment.program)
            }
            if extras.entries, Self.atEntries.contains(attachment.program) {
                try progress.step()
                try object.attachFunctions(attachment.program, attachment.kprobeAddresses)
                continue
            }
            for address in attachment.kprobeAddresses {
                try progress.step()
                try object.attachKprobe(attachment.program, pmuType: facilities.kprobePMU ?? 0, address: address)
            }
        }
    }
}
