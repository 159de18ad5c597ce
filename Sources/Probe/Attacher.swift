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
    ]

    /// The plan as it could be carried out, and the object that holds it; no object where nothing is attached.
    /// - Throws: `ProbeError`, and what `progress` throws.
    func attach(_ progress: inout AttachProgress) throws -> (AttachPlan, BPFObject?) {
        var refusals: [String: String] = [:]
        while true {
            let plan = AttachPlan(kernel, facilities, choice: choice, refusals: refusals)
            guard !plan.attachments.isEmpty else { return (plan, nil) }
            let object = try open(plan)
            do {
                try object.load()
                try attach(plan, object, &progress)
                return (plan, object)
            } catch let error as BPFObject.Refusal {
                object.close()
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

    private func open(_ plan: AttachPlan) throws(ProbeError) -> BPFObject {
        let object = try BPFObject(.programs, name: "mountscope")
        for program in Self.allPrograms where !plan.attachments.contains(where: { $0.program == program }) {
            object.leaveOut(program)
        }
        guard object.setConstants(kernel.configuration(dotdot: plan.dotdot, countsHits: true)),
            object.map("counters", holds: ms_counters.self), object.map("histograms", holds: ms_histogram.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        for map in ["pages", "path_sequences"] { object.resize(map, TaskTable.entries(possibleCPUs)) }
        return object
    }

    private func attach(_ plan: AttachPlan, _ object: BPFObject, _ progress: inout AttachProgress) throws {
        for attachment in plan.attachments {
            if attachment.kprobeAddresses.isEmpty {
                try progress.step()
                try object.attachTracing(attachment.program)
            }
            for address in attachment.kprobeAddresses {
                try progress.step()
                try object.attachKprobe(attachment.program, pmuType: facilities.kprobePMU ?? 0, address: address)
            }
        }
    }
}
