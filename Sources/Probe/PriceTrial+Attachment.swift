import SystemCalls

extension PriceTrial {
    /// What a hit of a program costs, by the same calls without and with probes; assumed where there are none.
    static func prices(of attachment: ProbeAttachment) throws(ProbeError) -> ProbePrices {
        guard let before = attachment.unprobed, attachment.programs.contains(where: { !$0.isTimer }) else {
            return .assumed
        }
        func hits() throws(ProbeError) -> (kprobe: UInt64, tracing: UInt64) {
            try attachment.refresh(ReadingMoment(online: OnlineCPUs.levels(possible: attachment.possibleCPUs)))
            // The toggles come by those around system calls (mount_setattr), no walk does.
            return attachment.programs.reduce(into: (0, 0)) { sum, program in
                if program.kind == .kprobe { sum.kprobe += program.hits }
                if program.kind == .tracing { sum.tracing += program.hits }
            }
        }
        let first = try hits()
        let after = run()
        let last = try hits()
        return ProbePrices(
            before, after, kprobeHits: last.kprobe - first.kprobe, tracingHits: last.tracing - first.tracing)
    }
}
