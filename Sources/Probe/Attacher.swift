import CProbe
import Contention
import ProbeImage

/// Loads and attaches what a plan asks for; a program that the kernel refuses costs its series, not the run.
struct Attacher {
    let kernel: KernelMap
    let facilities: Facilities

    /// Every program of bpf/mountscope.bpf.c.
    static let allPrograms = [
        "legitimize_mnt", "handle_dots", "path_lookupat", "path_openat", "path_parentat", "prepend_path_locks",
        "prepend_path_enter", "prepend_path_exit", "m_start", "m_start_acquired", "m_stop",
    ]

    /// The plan as it could be carried out, and the object that holds it; no object where nothing is attached.
    func attach() throws(ProbeError) -> (AttachPlan, BPFObject?) {
        var refusals: [String: String] = [:]
        while true {
            let plan = AttachPlan(kernel, facilities, refusals: refusals)
            guard !plan.attachments.isEmpty else { return (plan, nil) }
            let object = try open(plan)
            do throws(BPFObject.Refusal) {
                try object.load()
                try attach(plan, object)
                return (plan, object)
            } catch {
                object.close()
                guard Self.allPrograms.contains(error.program), refusals[error.program] == nil else {
                    throw ProbeError(
                        .failed, "the kernel refused the eBPF object: \(error.reason)\n\(object.lastWords)")
                }
                refusals[error.program] = error.reason
            }
        }
    }

    private func open(_ plan: AttachPlan) throws(ProbeError) -> BPFObject {
        let object = try BPFObject(.programs, name: "mountscope")
        for program in Self.allPrograms where !plan.attachments.contains(where: { $0.program == program }) {
            object.leaveOut(program)
        }
        let countsDotdot = plan.attachments.contains { $0.program == "handle_dots" }
        guard object.setConstants(kernel.configuration(countingDotdot: countsDotdot)),
            object.map("counters", holds: ms_counters.self), object.map("histograms", holds: ms_histogram.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        return object
    }

    private func attach(_ plan: AttachPlan, _ object: BPFObject) throws(BPFObject.Refusal) {
        for attachment in plan.attachments {
            if attachment.kprobeAddresses.isEmpty {
                try object.attachTracing(attachment.program)
            }
            for address in attachment.kprobeAddresses {
                try object.attachKprobe(attachment.program, pmuType: facilities.kprobePMU ?? 0, address: address)
            }
        }
    }
}
