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
        // The trial is timed without the statistics, which take time themselves.
        let first = try hits()
        let after = run()
        let last = try hits()
        let timed = runTimes(of: attachment)
        return ProbePrices(
            before, after, kprobeHits: last.kprobe - first.kprobe, tracingHits: last.tracing - first.tracing,
            kprobeTime: timed.kprobe, tracingTime: timed.tracing)
    }

    /// What the kernel itself times of a few more of the same calls; nil where it does not.
    private static func runTimes(of attachment: ProbeAttachment) -> (kprobe: RunTime?, tracing: RunTime?) {
        func times() -> (kprobe: RunTime, tracing: RunTime) {
            attachment.programs.reduce(into: (RunTime(), RunTime())) { sum, program in
                guard let time = attachment.runTime(program.name) else { return }
                if program.kind == .kprobe { sum.0 = sum.0 + time }
                if program.kind == .tracing { sum.1 = sum.1 + time }
            }
        }
        let first = times()
        let last = RunTime.timed {
            _ = run()
            return times()
        }
        return (last?.kprobe.since(first.kprobe), last?.tracing.since(first.tracing))
    }
}
