import CProbe
import Contention
import Glibc
import ProbeImage
import SystemCalls

/// The program of bpf/timer_sampler.bpf.c, run by a timer on every online CPU until it is closed.
final class Sampler {
    let plan: SamplerPlan
    private let object: BPFObject
    let hertz: Int
    private var table: SampleTable
    /// Knows which CPUs have a timer; one that goes away takes its timer along.
    private var due: DueSamples
    /// What a sample costs, in nanoseconds: mostly the interrupt of its timer, which nobody counts.
    let price: UInt64

    /// Where it cannot be tried: on hardware of the 2020s.
    private static let assumedPrice: UInt64 = 2000

    /// - Parameter online: 1 for each possible CPU that is online.
    /// - Throws: `BPFObject.Refusal` when the kernel refuses the program or the first timer; `ProbeError`.
    init(_ plan: SamplerPlan, hertz: Int, online: [UInt64]) throws {
        let object = try BPFObject(.sampler, name: "mountscope_time")
        guard object.setConstants(plan.targets.configuration), object.map("samples", holds: ms_samples.self) else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        do {
            try object.load()
            self.object = object
            self.plan = plan
            self.hertz = hertz
            table = SampleTable(cpus: online.count)
            due = DueSamples(hertz: hertz)
            price = object.timerPrice(SamplerPlan.program).flatMap { $0 > 0 ? $0 : nil } ?? Self.assumedPrice
            // The trial of the price took samples that no timer here is to be credited with.
            try refresh(online)
            try follow(online)
        } catch {
            object.close()
            throw error
        }
    }

    /// Gives CPUs that have come online a timer. After `refresh`.
    /// - Throws: `BPFObject.Refusal` where the kernel refuses one to a CPU that is there.
    func follow(_ online: [UInt64]) throws(BPFObject.Refusal) {
        for cpu in online.indices where online[cpu] != 0 && !due.timed.contains(cpu) {
            do throws(BPFObject.Refusal) {
                try object.attachTimer(SamplerPlan.program, cpu: cpu, hertz: hertz)
                // The counts are of the latest look, since when this CPU had no timer.
                due.begin(cpu: cpu, at: Clocks.monotonic(), taken: table.taken(cpu: cpu))
            } catch  where error.code == -ENODEV || error.code == -ENXIO {
                // It has gone since the list was read.
            }
        }
    }

    /// Copies the counts as they are now. CPUs that have gone are due no more samples.
    func refresh(_ online: [UInt64]) throws(ProbeError) {
        for cpu in due.timed where online[cpu] == 0 { due.end(cpu: cpu) }
        // Before they are read: what becomes due meanwhile is not missed.
        let now = Clocks.monotonic()
        let error = table.read(object)
        guard error == 0 else { throw ProbeError(.failed, "cannot read the samples: \(errnoText(error))") }
        due.look(at: now, taken: table.taken)
    }

    /// Samples taken so far.
    var taken: UInt64 { table.taken }

    /// Samples that were due by the clock and not taken, as of the latest `refresh`; up to two for each CPU are not told of.
    var missed: UInt64 { due.missed }

    /// A series of samples; nil where they have no such series.
    func value(_ key: SeriesKey) -> ReadingValue? {
        switch key.metric {
        case .writeDuty: .totalShare(table.share(MS_FOUND_ODD, of: .taken))
        case .lockDuty: .totalShare(table.share(MS_FOUND_LOCKED, of: .spinlock))
        case .lockQueue: .totalShare(table.share(MS_FOUND_QUEUE, of: .spinlock))
        case .semaphoreReadDuty: .totalShare(table.share(MS_FOUND_READERS, of: .semaphore))
        case .semaphoreWriteDuty: .totalShare(table.share(MS_FOUND_WRITER, of: .semaphore))
        case .spinShare: plan.targets.functions.firstIndex(of: key.site).map { .shares(table.spins($0)) }
        default: nil
        }
    }

    func close() { object.close() }
}
